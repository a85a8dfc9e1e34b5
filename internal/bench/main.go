package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"time"

	"github.com/pontage/pontage/fill"
)

// options are the command line.
type options struct {
	engines  string
	cases    string
	out      string
	profiles string
	apis     string
	short    bool
	filled   bool
	plan     fill.Plan
	duration time.Duration
	// rounds is how often a case is measured; the middle one counts, since on a shared machine a single one may be off by half.
	rounds int
	warmUp time.Duration
	only   *regexp.Regexp
}

func main() {
	if len(os.Args) > 2 && os.Args[1] == "yardstick" {
		fmt.Fprintln(os.Stderr, serveYardstick(os.Args[2:]))
		os.Exit(1)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	if err := run(ctx, readOptions()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

func readOptions() options {
	var o options
	flag.StringVar(&o.engines, "engines", "sqlite,postgres", "engines to measure")
	flag.StringVar(&o.cases, "cases", "", "regular expression for the cases to measure")
	flag.StringVar(&o.out, "out", "", "Markdown file whose marked part gets the tables")
	flag.StringVar(&o.profiles, "profiles", "", "folder for a CPU profile of each case")
	flag.StringVar(&o.apis, "apis", os.Getenv("PONTAGE_APIS"), "folder of OpenAPI documents for the start-up time")
	flag.BoolVar(&o.short, "short", false, "two seconds a case, once")
	flag.DurationVar(&o.duration, "duration", 10*time.Second, "how long a case is measured")
	flag.DurationVar(&o.warmUp, "warm-up", 2*time.Second, "how long a case runs before")
	flag.IntVar(&o.rounds, "rounds", 3, "how often a case is measured beside its yardstick; the middle round counts")
	flag.BoolVar(&o.filled, "filled", false, "measure a filled database beside an empty one, and 100,000 active tokens, instead of the targets")
	flag.Int64Var(&o.plan.Tokens, "tokens", 1_000_000, "how many tokens the filled database has")
	flag.Int64Var(&o.plan.Calls, "calls", 10_000_000, "how many calls the filled database has on record")
	flag.Parse()
	o.rounds = max(o.rounds, 1)
	o.plan.Days, o.plan.Accounts, o.plan.Seed = 365, 1000, 1
	if o.short {
		o.duration, o.warmUp, o.rounds = 2*time.Second, time.Second, 1
	}
	o.only = regexp.MustCompile(o.cases)
	return o
}

// run measures everything; it prints what it has even where something failed.
func run(ctx context.Context, o options) error {
	folder, err := os.MkdirTemp("", "pontage-bench-")
	if err != nil {
		return err
	}
	defer os.RemoveAll(folder)
	if err := needWrk(ctx); err != nil {
		return err
	}
	binary := filepath.Join(folder, "pontage")
	if out, err := exec.CommandContext(ctx, "go", "build", "-trimpath", "-o", binary, "github.com/pontage/pontage/cmd/pontage").CombinedOutput(); err != nil {
		return fmt.Errorf("go build: %w\n%s", err, out)
	}
	b := &bench{options: o, folder: folder, binary: binary}
	defer b.close()
	if err := b.startYardsticks(ctx); err != nil {
		return err
	}
	measure, report, mark := b.measureEngine, b.report, "bench"
	if o.filled {
		measure, report, mark = b.compareEngine, b.reportFilled, "bench-filled"
	}
	for engine := range strings.SplitSeq(o.engines, ",") {
		if err := measure(ctx, engine); err != nil {
			return fmt.Errorf("%s: %w", engine, err)
		}
	}
	text := report(ctx)
	fmt.Print("\n", text)
	if o.out != "" {
		err = writeMarked(o.out, mark, text)
	}
	if b.failures > 0 {
		err = errors.Join(err, fmt.Errorf("%d cases had answers that were no success", b.failures))
	}
	return err
}

// needWrk installs the load generator where it is missing and may be installed.
func needWrk(ctx context.Context) error {
	if _, err := exec.LookPath("wrk"); err == nil {
		return nil
	}
	install := exec.CommandContext(ctx, "apt-get", "install", "-y", "--no-install-recommends", "wrk")
	install.Env = append(os.Environ(), "DEBIAN_FRONTEND=noninteractive")
	if out, err := install.CombinedOutput(); err != nil {
		return fmt.Errorf("wrk is missing and cannot be installed, type: apt-get install wrk: %w\n%s", err, out)
	}
	return nil
}
