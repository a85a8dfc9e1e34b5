// Package e2e tests a running platform with other people's programs: what needs Node, Python or a browser. `make e2e` installs what they
// need and runs them; `make test` does without.
package e2e
