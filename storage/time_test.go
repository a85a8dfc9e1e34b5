package storage

import (
	"testing"
	"time"
)

// The fast way must read what the general one reads, and refuse what it refuses.
func FuzzTimesReadAsTheyWereWritten(f *testing.F) {
	for _, text := range []string{
		"2026-11-20 12:00:00+00:00", "2026-11-20 12:00:00.5+00:00", "2024-02-29 23:59:59.123456+00:00", "0001-01-01 00:00:00+00:00",
		"2026-02-30 00:00:00+00:00", "2026-13-01 00:00:00+00:00", "2026-11-20 24:00:00+00:00", "2026-11-20 12:00:60+00:00",
		"2026-11-20 12:60:00+00:00", "2026-11-20 12:00:00.+00:00", "2026-11-20 12:00:00x1+00:00", "2026-11-20 12:00:00+02:00",
		"2026-11-20T12:00:00+00:00", "2026-00-20 12:00:00+00:00", "", "2026-11-20 12:00:00.123456789+00:00",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := parseSQLiteTime(text)
		want, wantErr := time.Parse(sqliteTime, text)
		if (err == nil) != (wantErr == nil) || err == nil && !got.Equal(want) {
			t.Fatalf("%q: %v %v, want %v %v", text, got, err, want, wantErr)
		}
	})
}

func BenchmarkParseSQLiteTime(b *testing.B) {
	for b.Loop() {
		if _, err := parseSQLiteTime("2026-11-20 12:34:56.123456+00:00"); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkParseTime(b *testing.B) {
	for b.Loop() {
		if _, err := time.Parse(sqliteTime, "2026-11-20 12:34:56.123456+00:00"); err != nil {
			b.Fatal(err)
		}
	}
}
