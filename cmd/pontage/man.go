package main

import (
	"fmt"

	"github.com/alecthomas/kong"
	mangokong "github.com/alecthomas/mango-kong"
	"github.com/muesli/roff"
)

type manCommand struct{}

// Help shows an example.
func (manCommand) Help() string {
	return "Example:\n  pontage man | man -l -\n  pontage man > /usr/local/share/man/man1/pontage.1"
}

// Run prints the manual page, made from the commands and flags there are.
func (manCommand) Run(s *session, parsed *kong.Context) error {
	_, err := fmt.Fprint(s.out, mangokong.NewManPage(1, parsed.Model).Build(roff.NewDocument()))
	return err
}
