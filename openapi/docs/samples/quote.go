package samples

import (
	"bytes"
	"encoding/json"
	"strconv"
	"strings"
)

// shell quotes for a POSIX shell.
func shell(s string) string { return "'" + strings.ReplaceAll(s, "'", `'\''`) + "'" }

// text quotes for JavaScript and Python, which both read JSON's strings.
func text(s string) string {
	var out bytes.Buffer
	encoder := json.NewEncoder(&out)
	encoder.SetEscapeHTML(false)
	_ = encoder.Encode(s) // a string always encodes
	return strings.TrimSuffix(out.String(), "\n")
}

// php quotes for PHP.
func php(s string) string {
	return "'" + strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(s) + "'"
}

// quote quotes for Go.
func quote(s string) string { return strconv.Quote(s) }

// golang quotes for Go, over several lines where that can be.
func golang(s string) string {
	if !strings.Contains(s, "\n") || !strconv.CanBackquote(strings.ReplaceAll(s, "\n", " ")) {
		return strconv.Quote(s)
	}
	return "`" + s + "`"
}

// indent puts a prefix before every line but the first.
func indent(s, prefix string) string { return strings.ReplaceAll(s, "\n", "\n"+prefix) }
