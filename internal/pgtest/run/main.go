// Command run starts one private PostgreSQL, runs a command with PONTAGE_TEST_POSTGRES set to it, stops it and ends with the
// command's exit code:
//
//	go run ./internal/pgtest/run -- go test ./...
//
// Where the variable is set already, the command just runs.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"os/signal"
	"syscall"

	"github.com/pontage/pontage/internal/pgtest"
)

func main() {
	arguments := os.Args[1:]
	if len(arguments) > 0 && arguments[0] == "--" {
		arguments = arguments[1:]
	}
	if len(arguments) == 0 {
		fmt.Fprintln(os.Stderr, "usage: run -- COMMAND [ARGUMENT]...")
		os.Exit(2)
	}
	code, err := run(arguments)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
	}
	os.Exit(code)
}

func run(arguments []string) (code int, err error) {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	environment := os.Environ()
	if os.Getenv(pgtest.Variable) == "" {
		cluster, err := pgtest.Start(ctx)
		if err != nil {
			return 1, err
		}
		defer func() { err = errors.Join(err, cluster.Stop()) }()
		environment = append(environment, pgtest.Variable+"="+cluster.URL)
	}
	command := exec.CommandContext(ctx, arguments[0], arguments[1:]...)
	// A signal is passed on, so that the command can end by itself while the cluster still runs.
	command.Cancel = func() error { return command.Process.Signal(syscall.SIGTERM) }
	command.Stdin, command.Stdout, command.Stderr = os.Stdin, os.Stdout, os.Stderr
	command.Env = environment
	err = command.Run()
	var ended *exec.ExitError
	if errors.As(err, &ended) {
		return max(ended.ExitCode(), 1), nil
	}
	if err != nil {
		return 1, err
	}
	return 0, nil
}
