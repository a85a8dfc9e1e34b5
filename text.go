package pontage

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// maxText bounds what people name things, in characters.
const maxText = 200

// CheckText refuses a name or label that is longer than 200 characters, is not UTF-8 or holds control characters: InvalidInput at
// field. The empty text passes.
func CheckText(text, field string) error {
	if !utf8.ValidString(text) || strings.ContainsFunc(text, unicode.IsControl) {
		return E(InvalidInput, "Control characters are not allowed here.").At(field)
	}
	if utf8.RuneCountInString(text) > maxText {
		return E(InvalidInput, "At most %d characters are allowed here.", maxText).At(field)
	}
	return nil
}
