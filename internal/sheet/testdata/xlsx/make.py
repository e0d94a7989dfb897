#!/usr/bin/env python3
"""Makes the workbooks in this folder again: Debian's python3-openpyxl writes
them, and LibreOffice Calc opens and saves each under lo-NAME.xlsx."""

import datetime
import pathlib
import subprocess

import openpyxl
from openpyxl.chart import BarChart, Reference
from openpyxl.comments import Comment
from openpyxl.utils.datetime import CALENDAR_MAC_1904
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.filters import FilterColumn, Filters
from openpyxl.worksheet.table import Table

HERE = pathlib.Path(__file__).parent


def types():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Offers"
    sheet.append(["id", "title", "start", "stop", "at", "payout", "share", "active", "note", "formula"])
    sheet.append(["00123456789012345678", "Ünïcode & <b> 日本語 😀", datetime.datetime(2026, 3, 4, 18, 0), datetime.date(2026, 12, 31),
                  datetime.time(9, 30), 274.65999999999997, 0.155, True, "two\nlines", "=1+2"])
    sheet.append([42, "plain", datetime.datetime(1900, 1, 15), None,
                  datetime.time(23, 59, 59), 1.1, 1, False, "  blanks  ", "=NA()"])
    sheet.append([1234567890123456, "=\"a\"&\"b\"", None, None, None, -0.5, None, None, "_x0041_", "=1=1"])
    for row, form in ((2, "0.00%"), (3, "0%")):
        sheet.cell(row, 7).number_format = form
    sheet["F2"].number_format = '#,##0.00\\ "USD"'
    sheet["F3"].number_format = "[$€-407]\\ #,##0.00"
    sheet["C3"].number_format = 'dd/mm/yyyy;@'
    sheet["B2"].comment = Comment("a note", "Ann")
    sheet["B3"].hyperlink = "https://example.com/?a=1&b=2"
    check = DataValidation(type="list", formula1='"TRUE,FALSE"')
    sheet.add_data_validation(check)
    check.add("H2:H100")
    sheet.freeze_panes = "A2"
    chart = BarChart()
    chart.add_data(Reference(sheet, min_col=6, min_row=1, max_row=4))
    book.create_chartsheet("Chart").add_chart(chart)
    book.create_sheet("Hidden").append(["x"])
    book["Hidden"].sheet_state = "hidden"
    book.create_sheet("Secret").append(["x"])
    book["Secret"].sheet_state = "veryHidden"
    book.create_sheet("Empty")
    return book


def layout():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Payouts"
    sheet.append(["List of May"])
    sheet.append([])
    sheet.append(["", "", "Payout", "", "Cap", ""])
    sheet.append(["id", "title", "type", "total", "type", "secret"])
    for n in range(1, 7):
        sheet.append([n, f"offer {n}", "fixed", n / 10, "day", "s"])
    sheet.merge_cells("A1:F1")
    sheet.merge_cells("C3:D3")
    sheet.merge_cells("E3:F3")
    sheet.merge_cells("B5:B6")
    sheet.column_dimensions["F"].hidden = True
    sheet.row_dimensions[8].hidden = True
    sheet.append([])
    sheet.append(["id", "country", "total"])
    sheet.append([1, "DE", 5])
    return book


def tables():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.title = "Table"
    sheet.append(["id", "total"])
    for n in range(1, 5):
        sheet.append([n, n * 1.5])
    sheet.append(["Total", "=SUBTOTAL(109,B2:B5)"])
    table = Table(displayName="Offers", ref="A1:B6", totalsRowCount=1)
    table._initialise_columns()
    table.autoFilter.ref = "A1:B5"
    sheet.add_table(table)
    other = book.create_sheet("Filter")
    for row in (["id", "status"], [1, "active"], [2, "stopped"], [3, "active"]):
        other.append(row)
    other.auto_filter.ref = "A1:B4"
    other.auto_filter.filterColumn.append(FilterColumn(colId=1, filters=Filters(filter=["active"])))
    other.row_dimensions[3].hidden = True
    return book


def mac():
    book = openpyxl.Workbook()
    book.epoch = CALENDAR_MAC_1904
    sheet = book.active
    sheet.append(["day", "at"])
    sheet.append([datetime.date(2026, 3, 4), datetime.datetime(2026, 3, 4, 18, 0)])
    return book


for make in (types, layout, tables, mac):
    path = HERE / f"{make.__name__}.xlsx"
    make().save(path)
    out = HERE / "lo"
    subprocess.run(["soffice", "--headless", "--convert-to", "xlsx:Calc Office Open XML", "--outdir", out, path],
                   check=True, stdout=subprocess.DEVNULL)
    (out / path.name).rename(HERE / f"lo-{path.name}")
    out.rmdir()
