package account

import (
	_ "embed"
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage"
)

const (
	// MinPassword and MaxPassword bound a password, in characters and in bytes.
	MinPassword = 10
	MaxPassword = 1024
	// fewCharacters is how many different characters a password needs.
	fewCharacters = 5
)

//go:embed passwords.txt
var commonPasswords string

// common holds what people choose most where ten characters are asked for, in lower case.
var common = func() map[string]bool {
	known := map[string]bool{}
	for line := range strings.Lines(commonPasswords) {
		known[strings.TrimSpace(line)] = true
	}
	return known
}()

// checkPassword refuses a password that is too short or too long, that everybody tries first, or that is the person's own e-mail:
// InvalidInput at field.
func checkPassword(password, email, field string) error {
	refuse := func(format string, args ...any) error {
		return pontage.E(pontage.InvalidInput, format, args...).At(field)
	}
	lower := strings.ToLower(password)
	local, _, _ := strings.Cut(strings.ToLower(email), "@")
	switch {
	case len(password) > MaxPassword:
		return refuse("A password has at most %d bytes.", MaxPassword)
	case utf8.RuneCountInString(password) < MinPassword:
		return refuse("A password needs at least %d characters.", MinPassword)
	case lower == strings.ToLower(email), lower == local:
		return refuse("The e-mail address is no password.")
	case common[lower], distinct(lower) < fewCharacters, isRun(lower):
		return refuse("This password is too easy to guess.")
	}
	return nil
}

func distinct(text string) int {
	seen := map[rune]bool{}
	for _, r := range text {
		seen[r] = true
	}
	return len(seen)
}

// isRun says whether every character follows the one before it, as in "abcdefghij" or "9876543210".
func isRun(text string) bool {
	runes := []rune(text)
	for _, step := range []rune{1, -1} {
		run := true
		for i := 1; i < len(runes) && run; i++ {
			run = runes[i]-runes[i-1] == step || runes[i-1] == '9' && runes[i] == '0' && step == 1 || runes[i-1] == '0' && runes[i] == '9' && step == -1
		}
		if run {
			return true
		}
	}
	return false
}
