// Generate makes the sample files again, the same bytes each time:
//
//	go generate ./samples
//
// Its one argument is the folder to write them to.
package main

import (
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: generate FOLDER")
		os.Exit(2)
	}
	if err := write(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "error:", err)
		os.Exit(1)
	}
}

func write(dir string) error {
	files, err := files()
	if err != nil {
		return err
	}
	for name, content := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, content, 0o644); err != nil {
			return err
		}
	}
	return nil
}

// files are all samples by their path.
func files() (map[string][]byte, error) {
	files := map[string][]byte{}
	books := map[string][]sheet{"launch.xlsx": launch(), "example.xlsx": example(), "mistakes.xlsx": mistakes()}
	for name, sheets := range books {
		content, err := workbook(sheets)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", name, err)
		}
		files[name] = content
	}
	for _, s := range launch() {
		files["launch/"+s.fileName()] = s.csv()
	}
	files["flat.csv"] = flat().csv()
	return files, nil
}
