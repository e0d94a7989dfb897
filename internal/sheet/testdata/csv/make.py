#!/usr/bin/env python3
"""Makes the CSV files in this folder again. Python's csv module writes the
dialects that exports come in, Debian's python3-openpyxl a workbook, and
LibreOffice Calc saves that as CSV in several encodings under lo-NAME.csv."""

import csv
import datetime
import io
import pathlib
import subprocess
import tempfile

import openpyxl

HERE = pathlib.Path(__file__).parent

HEADER = ["id", "title", "url", "total", "countries", "note"]
TITLES = {
    "plain": ["Puzzle Island", 'The "best" one', "City breaks, last minute"],
    "russian": ["Остров сокровищ", "Кредит без справок", "Доставка еды, быстро"],
    "german": ["Größe zählt", "Über Nacht Kredit", "Früchte für täglich 5 €"],
    "polish": ["Pożyczka bez zaświadczeń", "Gra w żółwie", "Książki, łatwo"],
    "hungarian": ["Őszi gyümölcs", "Hűtő akció", "Kölcsön, gyorsan"],
    "japanese": ["スキンケア定期便", "ゲーム アプリ", "クレジットカード"],
}


def rows(language, decimal="."):
    for n, title in enumerate(TITLES[language], 1):
        yield [f"00{n}", title, f"https://example.com/?o={n}", f"{n}{decimal}5", "US,DE", ""]


def text(language, decimal=".", header=True, **dialect):
    out = io.StringIO()
    writer = csv.writer(out, **dialect)
    if header:
        writer.writerow(HEADER)
    writer.writerows(rows(language, decimal))
    return out.getvalue()


def write(name, content, encoding="utf-8"):
    (HERE / f"{name}.csv").write_bytes(content.encode(encoding))


def by_python():
    excel = {"delimiter": ";", "lineterminator": "\r\n"}
    write("utf8", text("russian", lineterminator="\n"))
    write("utf8-bom", text("russian", ",", **excel), "utf-8-sig")
    write("utf16-tab", text("japanese", dialect="excel-tab"), "utf-16")
    write("utf16be-no-bom", text("german", ",", **excel), "utf-16-be")
    write("windows-1251", text("russian", ",", **excel), "cp1251")
    write("windows-1252", text("german", ",", **excel), "cp1252")
    write("windows-1250", text("polish", ",", **excel), "cp1250")
    write("windows-1250-hungarian", text("hungarian", ",", **excel), "cp1250")
    write("iso-8859-2", text("polish", ",", **excel), "iso-8859-2")
    write("iso-8859-15", text("german", ",", **excel), "iso-8859-15")
    write("shift-jis", text("japanese"), "cp932")
    write("utf8-twice", text("german").encode().decode("latin-1"))
    write("unix", text("plain", dialect="unix"))
    write("pipe-cr", text("plain", delimiter="|", lineterminator="\r"))
    write("crcrlf", text("plain", lineterminator="\r\r\n"))
    write("backslash", text("plain", doublequote=False, escapechar="\\"))
    write("sep", "sep=;\r\n" + text("plain", ",", **excel))
    write("title", "Offers of May\n\n" + text("plain") + "\nid,title,url\n9,another table,x\n")
    write("banner", "Offer,,,Payout,,\n" + text("plain"))
    write("trailing", "".join(line + ",,\n" for line in text("german", lineterminator="\n").splitlines()))
    write("ragged", text("plain") + "004,a,b, c,https://example.com,1.5,US,\n005,short\n")
    write("line-breaks", text("plain") + '"006","two\r\nlines",u,6.5,US,x\r\n')


def by_libreoffice():
    book = openpyxl.Workbook()
    sheet = book.active
    sheet.append(HEADER + ["day", "share"])
    for language in ("russian", "plain"):
        for row in rows(language):
            row[3] = float(row[3])
            sheet.append(row + [datetime.date(2031, 3, 4), 0.155])
    for cell in sheet["H"][1:]:
        cell.number_format = "0.0%"
    # The filter's options: delimiter, quote, encoding, first line, columns,
    # language, quote all texts, cells as shown.
    for name, options in {
        "utf8": "44,34,76,1,,1033,false,true", "german": "59,34,76,1,,1031,false,true", "stored": "59,34,76,1,,1033,false,false",
        "windows-1251": "59,34,34,1,,1049,false,true", "utf16-tab": "9,34,65535,1,,1033,true,true",
    }.items():
        with tempfile.TemporaryDirectory() as folder:
            book.save(f"{folder}/book.xlsx")
            subprocess.run(["soffice", f"-env:UserInstallation=file://{folder}/office", "--headless", "--convert-to",
                            f"csv:Text - txt - csv (StarCalc):{options}", "--outdir", folder, f"{folder}/book.xlsx"],
                           check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
            (HERE / f"lo-{name}.csv").write_bytes(pathlib.Path(folder, "book.csv").read_bytes())


by_python()
by_libreoffice()
