package main

import (
	"context"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/catalog"
	"github.com/pontage/pontage/server"
)

// idleAfter is how long a server has rested when its idle memory is read.
const idleAfter = 3 * time.Second

// measureStart imports the documents of a folder, if one is given, and measures three starts: the quickest counts, since the first
// one of a binary also reads it from the disk.
func (b *bench) measureStart(ctx context.Context, engine string, c server.Config) error {
	s := start{engine: engine}
	if b.apis != "" {
		var err error
		if s.documents, err = importFolder(ctx, c, b.apis); err != nil {
			return err
		}
	}
	for range 3 {
		p, err := b.serve(ctx, c)
		if err != nil {
			return err
		}
		if s.ready == 0 || p.ready < s.ready {
			s.ready = p.ready
		}
		time.Sleep(idleAfter / 3)
		s.idle = p.resident()
		p.stop()
	}
	b.starts = append(b.starts, s)
	return nil
}

// importFolder imports every document of a folder and says how many were taken.
func importFolder(ctx context.Context, c server.Config, folder string) (int, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil {
		return 0, err
	}
	slices.Sort(files)
	var in catalog.ImportInput
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			return 0, err
		}
		in.Documents = append(in.Documents, catalog.Document{Name: filepath.Base(file), Data: data})
	}
	i, err := server.Open(ctx, c, server.Production, "bench", slog.New(slog.DiscardHandler))
	if err != nil {
		return 0, err
	}
	defer i.Close()
	report, err := i.Catalog.Import(ctx, pontage.Operator(), in)
	if err != nil {
		return 0, err
	}
	taken := 0
	for _, d := range report.Documents {
		if d.Rejection == "" {
			taken++
		}
	}
	return taken, nil
}
