// Offerlift lifts affiliate offers out of spreadsheets into Affise: a workbook
// or a folder of CSV files in, one offer per row created, one line of truth
// per row back.
package main

import (
	"os"

	"offerlift/internal/cli"
)

func main() { os.Exit(cli.Main(os.Args[1:], os.Stdin, os.Stdout, os.Stderr)) }
