package main

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if len(os.Args) != 2 {
		fmt.Fprintln(os.Stderr, "usage: graphlean FOLDER")
		os.Exit(2)
	}
	if err := run(os.Args[1]); err != nil {
		fmt.Fprintln(os.Stderr, "graphlean:", err)
		os.Exit(1)
	}
}

// run rewrites the generated files of a folder, or none of them.
func run(folder string) error {
	names, err := filepath.Glob(filepath.Join(folder, "*.generated.go"))
	if err != nil {
		return err
	}
	files := map[string][]byte{}
	for _, name := range names {
		if files[name], err = os.ReadFile(name); err != nil {
			return err
		}
	}
	if err := rewrite(files); err != nil {
		return err
	}
	var failed []error
	for name, text := range files {
		failed = append(failed, os.WriteFile(name, text, 0o644))
	}
	return errors.Join(failed...)
}
