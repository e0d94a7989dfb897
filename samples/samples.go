// Package samples holds sample sheets, made by the program in
// internal/generate. They name advertisers, categories and affiliates of the
// sandbox's account, so that they can be sent there.
//
//	launch.xlsx    twelve offers with all kinds of child rows; all of it valid
//	launch/        the same as CSV files
//	example.xlsx   one offer: the vendor's worked example
//	flat.csv       five offers, everything in one file
//	networks/      exports of other networks, made up from their documented columns, with a table of ids for each
//	mistakes.xlsx  one of each mistake that people make, each on its own offer
package samples

import "embed"

//go:generate go run ./internal/generate .

// FS holds the files. To have them on disk: os.CopyFS(dir, samples.FS).
//
//go:embed *.xlsx flat.csv launch/*.csv networks
var FS embed.FS
