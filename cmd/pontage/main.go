// Command pontage runs the platform and is the operator's tool for it: flags and wiring, nothing else.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"slices"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"
	kongcompletion "github.com/jotaen/kong-completion"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/server"
)

// version is set by the release build.
var version = "dev"

// cli is every command and flag. Flags may also be given as PONTAGE_… variables or in the configuration file.
type cli struct {
	server.Config `embed:""`

	ConfigFile kong.ConfigFlag `name:"config" help:"Configuration file (JSON), keys as the flags." placeholder:"FILE"`
	Instance   string          `help:"Which instance a command works on: production or sandbox." default:"production" enum:"production,sandbox"`
	JSON       bool            `name:"json" help:"Print JSON."`

	Serve        serveCommand        `cmd:"" help:"Run production and sandbox until SIGTERM."`
	MigrateNow   migrateCommand      `cmd:"" name:"migrate" help:"Bring the database schema up to date."`
	API          apiCommand          `cmd:"" name:"api" help:"Import and list APIs."`
	Account      accountCommand      `cmd:"" help:"Create, list and credit accounts, make and revoke API keys."`
	Client       clientCommand       `cmd:"" help:"Create OAuth clients and their secrets."`
	Subscription subscriptionCommand `cmd:"" help:"Create and list subscriptions."`
	Token        tokenCommand        `cmd:"" help:"Create, list and revoke tokens."`
	Scopes       scopesCommand       `cmd:"" help:"List the scopes with price, allowance and rate."`
	Call         callCommand         `cmd:"" help:"Open a call: who, what was looked at, who paid and why, what became of it. Or make one with a token."`
	Rehearse     sandboxCommand      `cmd:"" name:"sandbox" help:"Play money of a running sandbox: show, credit, reset, costs."`
	Mail         mailCommand         `cmd:"" help:"Read the outbox."`
	Bench        benchCommand        `cmd:"" help:"Make data to measure with."`
	Keys         keysCommand         `cmd:"" help:"Make and rotate server keys."`
	Verify       verifyCommand       `cmd:"" help:"Recompute all books from the log and the transfers and compare."`
	Version      versionCommand      `cmd:"" help:"Print the version."`
	Completion   completionCommand   `cmd:"" help:"Say how bash, zsh or fish complete commands and flags; -c prints the code."`
	Man          manCommand          `cmd:"" help:"Print the manual page."`
}

// session is what a command runs with.
type session struct {
	context.Context
	cli *cli
	out io.Writer
	// errs is for what is not the answer, such as progress.
	errs io.Writer
	log  *slog.Logger
}

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	context.AfterFunc(ctx, stop) // who asks a second time does not want to wait for the drain
	code := run(ctx, os.Args[1:], os.Stdout, os.Stderr)
	stop()
	os.Exit(code)
}

// run is the program as a value: it gives the exit code, 0 for success, 1 for a failure, 2 for wrong use.
func run(ctx context.Context, args []string, out, errs io.Writer) int {
	c := &cli{}
	code, exited := 0, false
	parser, err := kong.New(c, kong.Name("pontage"), kong.Description("The platform an API provider puts in front of its APIs."),
		kong.UsageOnError(), kong.DefaultEnvars("PONTAGE"), kong.Configuration(belowVariables), kong.Writers(out, errs),
		kong.ConfigureHelp(kong.HelpOptions{Compact: true}), kong.Exit(func(n int) { code, exited = n, true }))
	if err != nil {
		fmt.Fprintln(errs, "pontage:", err)
		return 1
	}
	kongcompletion.Register(parser) // answers a shell that asks, and nobody else
	if exited {
		return code
	}
	selected, err := parser.Parse(args)
	if exited {
		return code
	}
	if err == nil && needsConfiguration(selected.Command()) {
		err = c.Complete()
	}
	if err != nil {
		fmt.Fprintf(errs, "pontage: %v\nTry 'pontage --help'.\n", err)
		return 2
	}
	if selected.Command() != "serve" && c.LogLevel == "info" {
		c.LogLevel = "warn" // what a server tells of its ordinary life is noise beside a command's output
	}
	lines := newLogWriter(errs)
	defer lines.Flush()
	s := &session{Context: ctx, cli: c, out: out, errs: errs, log: newLogger(lines, c.LogLevel)}
	if err := selected.Run(s); err != nil {
		lines.Flush() // what led to it comes first
		fmt.Fprintln(errs, "pontage:", explain(err))
		return 1
	}
	return 0
}

// completionCommand is a type of its own because its package's name for it says more than ours.
type completionCommand = kongcompletion.Completion

// needsConfiguration says whether a command works on an instance. Making the first key must not fail because there is no key yet.
func needsConfiguration(command string) bool {
	word, _, _ := strings.Cut(command, " ")
	return command != "keys new" && !slices.Contains([]string{"version", "completion", "man"}, word)
}

// belowVariables reads the configuration file so that variables count more than it, as flags count more than both.
func belowVariables(r io.Reader) (kong.Resolver, error) {
	file, err := kong.JSON(r)
	if err != nil {
		return nil, err
	}
	return kong.ResolverFunc(func(ctx *kong.Context, parent *kong.Path, flag *kong.Flag) (any, error) {
		for _, name := range flag.Envs {
			if _, set := os.LookupEnv(name); set {
				return nil, nil
			}
		}
		return file.Resolve(ctx, parent, flag)
	}), nil
}

// explain says what went wrong in words for an operator, who may see causes.
func explain(err error) string {
	var e *pontage.Error
	if !errors.As(err, &e) {
		return err.Error()
	}
	text := strings.TrimSuffix(err.Error(), e.Error()) + e.Message // what it was about comes first
	if e.Field != "" {
		text += " (" + e.Field + ")"
	}
	if cause := e.Unwrap(); cause != nil {
		text += ": " + cause.Error()
	}
	return text
}

func newLogger(w io.Writer, level string) *slog.Logger {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		l = slog.LevelInfo
	}
	return slog.New(slog.NewJSONHandler(w, &slog.HandlerOptions{Level: l}))
}

type versionCommand struct{}

// Run prints the version.
func (versionCommand) Run(s *session) error {
	return s.print(map[string]string{"version": version}, func(w io.Writer) { fmt.Fprintln(w, "pontage", version) })
}
