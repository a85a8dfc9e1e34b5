package pontage

import (
	"net/mail"
	"strings"
)

// MaxEmail is the longest address in bytes that mail can carry.
const MaxEmail = 254

// IsEmail says whether text is a bare ASCII e-mail address: both databases then agree on what equal without regard to case means, and
// the address can stand in HTTP Basic, whose user name ends at the first colon.
func IsEmail(text string) bool {
	if len(text) > MaxEmail || strings.ContainsFunc(text, outsideEmail) {
		return false
	}
	parsed, err := mail.ParseAddress(text)
	return err == nil && parsed.Name == "" && parsed.Address == text
}

func outsideEmail(r rune) bool {
	return r <= ' ' || r > '~' || strings.ContainsRune(`:"<>()[],;\`, r)
}
