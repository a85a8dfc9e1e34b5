package main

import (
	"context"
	"encoding/json"
	"log/slog"
	"net/http"
	"net/netip"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/internal/loopback"
	"github.com/pontage/pontage/meter"
	"github.com/pontage/pontage/server"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"pontage": func() {
		ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM)
		defer stop()
		os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
	}})
}

// Each script is an operator's session with the real program on real databases; what it prints is the promise.
func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir: "testdata",
		Setup: func(env *testscript.Env) error {
			env.Setenv("PONTAGE_DATA", env.WorkDir+"/data")
			env.Setenv("LISTEN", loopback.FreeAddress(t))
			return nil
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"make-call": makeCall, "mail-id": mailID, "await": await, "take-token": takeToken, "take-key": takeKey},
	})
}

// makeCall METHOD HOST PATH STATUS makes one call with the bearer that "token create --json" has just printed, ends it with the
// upstream's status, and sets $CALL to its id. A call that is refused ends there.
func makeCall(ts *testscript.TestScript, _ bool, args []string) {
	var made struct{ Token string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile("token.json")), &made))
	status, err := strconv.Atoi(args[3])
	ts.Check(err)
	c := server.Config{Data: ts.Getenv("PONTAGE_DATA"), Domain: "pontage.localhost", Currency: "EUR", Migrate: true}
	ctx, stop := context.WithCancel(context.Background())
	defer stop()
	_ = c.Complete() // the rest of the configuration is for serving
	i, err := server.Open(ctx, c, server.Production, version, slog.New(slog.DiscardHandler))
	ts.Check(err)
	defer i.Close()
	done := make(chan error)
	go func() { done <- i.Meter.Run(ctx) }()
	defer func() { stop(); <-done }()

	admission, err := i.OAuth.Admit(ctx, made.Token)
	ts.Check(err)
	match, err := i.Catalog.Match(args[0], args[1], args[2])
	ts.Check(err)
	d, err := i.Meter.Reserve(ctx, pontage.Attempt{CallID: pontage.NewCallID(time.Now()), Admission: *admission, Match: match,
		Method: args[0], Host: args[1], Address: netip.MustParseAddr("192.0.2.1"), Hold: time.Minute})
	ts.Check(err)
	if d.Admitted {
		ts.Check(i.Meter.Settle(ctx, meter.Ending{CallID: d.CallID, Status: status, Elapsed: 7 * time.Millisecond}))
	}
	ts.Setenv("CALL", string(d.CallID))
}

// mailID FILE sets $MAIL to the id of the first mail in a list.
func mailID(ts *testscript.TestScript, _ bool, args []string) {
	var all []struct{ ID string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &all))
	ts.Setenv("MAIL", all[0].ID)
}

// await URL waits until a server in the background answers there with 200.
func await(ts *testscript.TestScript, _ bool, args []string) {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); runtime.Gosched() {
		if answer, err := http.Get(args[0]); err == nil {
			answer.Body.Close()
			if answer.StatusCode == http.StatusOK {
				return
			}
		}
	}
	ts.Fatalf("%s does not answer", args[0])
}

// takeToken FILE sets $PONTAGE_TOKEN to the bearer that "token create --json" has printed.
func takeToken(ts *testscript.TestScript, _ bool, args []string) {
	var made struct{ Token string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &made))
	ts.Setenv("PONTAGE_TOKEN", made.Token)
}

// takeKey FILE sets $PONTAGE_KEY to the API key that a command printed as JSON.
func takeKey(ts *testscript.TestScript, _ bool, args []string) {
	var made struct{ Key string }
	ts.Check(json.Unmarshal([]byte(ts.ReadFile(args[0])), &made))
	ts.Setenv("PONTAGE_KEY", made.Key)
}
