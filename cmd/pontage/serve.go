package main

import (
	"fmt"
	"runtime/debug"
	"strings"

	"github.com/pontage/pontage/server"
)

type serveCommand struct {
	Only string `help:"Run one instance as a process of its own: production or sandbox." enum:",production,sandbox" default:"" placeholder:"INSTANCE"`
	Demo bool   `help:"Serve a small API of our own with an account and credit, to try things out."`
	// Pprof is for whoever looks for where the time goes.
	Pprof string `help:"Serve Go's profiles at /debug/pprof/ on this loopback address." placeholder:"HOST:PORT"`
}

// Help shows examples.
func (serveCommand) Help() string {
	return `Examples:
  pontage serve --demo
  pontage serve --domain example.com --listen :443 --public-url https://oauth.example.com --tls-cert cert.pem --tls-key key.pem
  PONTAGE_KEYS=k1:… pontage serve --only production --database postgres://pontage@db/pontage

PONTAGE_KEYS is better than --keys: others on the machine can read a command line. A second SIGTERM ends the process at once.`
}

// Run serves until the process is told to stop.
func (c serveCommand) Run(s *session) error {
	boundMemory(s)
	return server.Serve(s, s.cli.Config, server.Options{
		Only: c.Only, Demo: c.Demo, Version: version, Logger: s.log, Profiles: c.Pprof,
		Started: func(all []server.Running) {
			debug.FreeOSMemory() // what only the start needed
			s.announce(all)
		},
	})
}

// announce prints where everything is and, with a demo, the lines to try.
func (s *session) announce(all []server.Running) {
	var b strings.Builder
	for _, r := range all {
		fmt.Fprintf(&b, "\n%s\n  platform   %s\n  documents  %s/docs\n  gateway    %s/apis/<host>/…\n", strings.ToUpper(r.Name), r.URL, r.URL, r.URL)
		if r.Gate != "" {
			fmt.Fprintf(&b, "  gate       %s/gate/check\n", r.Gate)
		}
		if r.Demo != nil {
			writeDemo(&b, r)
		}
	}
	b.WriteString("\nReady. Stop with Ctrl-C.\n")
	fmt.Fprint(s.out, b.String())
}

// writeDemo prints the credentials and lines a newcomer can paste into a shell.
func writeDemo(b *strings.Builder, r server.Running) {
	d := r.Demo
	basic := fmt.Sprintf("curl -s -u '%s:%s'", d.Email, d.APIKey)
	fmt.Fprintf(b, "  account    %s\n  API key    %s\n  password   %s\n\n", d.Email, d.APIKey, d.Password)
	fmt.Fprintf(b, "  # 1. the scopes, 2. a token, 3. a call for %s\n", d.Price)
	fmt.Fprintf(b, "  %s %s/scopes\n", basic, r.URL)
	fmt.Fprintf(b, "  TOKEN=$(%s -H 'Content-Type: application/json' -d '{\"scopes\":[\"*:*/*\"]}' %s/tokens | sed 's/.*\"token\":\"\\([^\"]*\\)\".*/\\1/')\n", basic, r.URL)
	fmt.Fprintf(b, "  curl -si -H \"Authorization: Bearer $TOKEN\" '%s/apis/%s%s'\n", r.URL, d.Host, d.Path)
	fmt.Fprintf(b, "  # and see the wallet move\n  %s %s/wallet\n", basic, r.URL)
}
