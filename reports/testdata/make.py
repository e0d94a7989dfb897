#!/usr/bin/env python3
"""Makes the workbooks in this folder again: Debian's python3-openpyxl writes
openpyxl.xlsx, with all that a report must leave alone, and LibreOffice Calc
opens and saves it as libreoffice.xlsx."""

import datetime
import pathlib
import subprocess
import tempfile

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.formatting.rule import CellIsRule, FormulaRule
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.workbook.defined_name import DefinedName
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.table import Table, TableStyleInfo

HERE = pathlib.Path(__file__).parent
HEADER, FIRST, LAST = 3, 4, 15  # rows of the Offers sheet


def solid(colour):
    return PatternFill("solid", fgColor=colour)


def read_me(sheet):
    sheet.title = "Read me"
    sheet["A1"] = "How to fill this workbook"
    sheet["A1"].font = Font(name=None, b=True, sz=16)
    sheet["A3"] = "Offers so far"
    sheet["B3"] = "=COUNTA(Offers!A4:A100)"


def offers(sheet):
    sheet["A1"] = "Launch of March"
    sheet["A1"].font = Font(name=None, b=True, sz=14, color="FFFFFF")
    sheet["A1"].fill = solid("1F4E78")
    sheet.merge_cells("A1:F1")
    columns = {"external_offer_id": 14, "title": 28, "advertiser": 26, "url": 36, "status": 10, "stop_date": 12, "margin": 9}
    for col, (name, width) in enumerate(columns.items(), start=1):
        cell = sheet.cell(HEADER, col, name)
        cell.font, cell.fill = Font(name=None, sz=None, b=True, color="FFFFFF"), solid("4472C4")
        cell.border, cell.alignment = Border(bottom=Side("medium")), Alignment(horizontal="center")
        sheet.column_dimensions[cell.column_letter].width = width
    for row in range(FIRST, LAST + 1):
        values = [f"k-{row}", f"Offer {row} – ünï & <x>", f"56cd8e1f9f7d8a0e8b4567{row:02}", f"https://example.com/{row}?a=1&b={{clickid}}",
                  "active" if row % 3 else "actve", datetime.date(2026, 12, row), f"=LEN(B{row})/100"]
        for col, value in enumerate(values, start=1):
            cell = sheet.cell(row, col, value)
            if row % 2 == 0:
                cell.fill = solid("DDEBF7")
        sheet.cell(row, 6).number_format, sheet.cell(row, 7).number_format = "dd.mm.yyyy", "0.0%"
        link = sheet.cell(row, 4)
        style = link._style
        link.hyperlink = f"https://example.com/{row}"
        link._style = style  # not that of a link
    for cell, text, author in (("B5", "Ask Anna about this title", "Anna"), ("E6", "we paused it\nin May", "Boris"), ("E9", "check", "Boris")):
        sheet[cell].comment = Comment(text, author)
    sheet.freeze_panes = "B4"
    sheet.auto_filter.ref = f"A{HEADER}:G{LAST}"
    sheet.print_title_rows, sheet.print_area = f"{HEADER}:{HEADER}", f"A1:G{LAST}"
    sheet.conditional_formatting.add(f"G{FIRST}:G{LAST}", CellIsRule(operator="greaterThan", formula=["0.2"], font=Font(color="9C0006")))
    sheet.conditional_formatting.add("A9:A12", FormulaRule(formula=['$E9="active"'], font=Font(i=True)))
    for area, values in (("E4:E500", '"active,stopped,suspended"'), ("C10:C12", "Lists!$A$1:$A$3")):
        rule = DataValidation(type="list", formula1=values)
        sheet.add_data_validation(rule)
        rule.add(area)
    chart = BarChart()
    chart.title = "Margin"
    chart.add_data(Reference(sheet, min_col=7, min_row=HEADER, max_row=LAST), titles_from_data=True)
    sheet.add_chart(chart, "I3")


def payouts(sheet):
    sheet.append(["offer", "total", "revenue", "currency"])
    for cell in sheet[1]:
        cell.font = Font(name=None, sz=None, b=True)
    for row in range(FIRST, LAST + 1):
        for total in (5.5, 6.5):
            line = sheet.max_row + 1
            sheet.append([f"k-{row}", total, f"=B{line}*0.8", "USDD" if row == 6 else "USD"])
            sheet.cell(line, 2).number_format = "#,##0.00"
    table = Table(displayName="Pay", ref=f"A1:D{sheet.max_row}")
    table.tableStyleInfo = TableStyleInfo(name="TableStyleMedium9", showRowStripes=True)
    sheet.add_table(table)


def book():
    made = openpyxl.Workbook()
    read_me(made.active)
    offers(made.create_sheet("Offers"))
    payouts(made.create_sheet("Payouts"))
    lists = made.create_sheet("Lists")
    lists.sheet_state = "hidden"
    for text in "abc":
        lists.append([text])
    made.defined_names.append(DefinedName("Advertisers", attr_text="Lists!$A$1:$A$3"))
    made.active = 1
    return made


def main():
    book().save(HERE / "openpyxl.xlsx")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/profile", "--headless", "--convert-to", "xlsx", "--outdir", folder,
                        HERE / "openpyxl.xlsx"], check=True, stdout=subprocess.DEVNULL)
        (HERE / "libreoffice.xlsx").write_bytes((pathlib.Path(folder) / "openpyxl.xlsx").read_bytes())


if __name__ == "__main__":
    main()
