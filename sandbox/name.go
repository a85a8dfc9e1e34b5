package sandbox

import (
	"encoding/hex"
	"encoding/json"
	"strings"

	"github.com/pontage/pontage"
)

// nameIn gives the name that an object says itself.
func nameIn(object map[string]any, parameter string) (string, bool) {
	switch v := object[parameter].(type) {
	case string:
		return v, v != "" && !strings.ContainsAny(v, "/\\;\x00")
	case json.Number:
		return v.String(), true
	}
	return "", false
}

// leastDrawn is how many characters of a name must be drawn for it to be one of many.
const leastDrawn = 6

// nameLike draws a name in the form of the document's example: digits for digits, small letters for small letters, hexadecimal ones where all
// are, and the rest as it stands. The same seed draws the same name.
func nameLike(example any, seed []byte) (string, bool) {
	text, ok := example.(string)
	number, isNumber := example.(json.Number)
	if isNumber {
		text = number.String()
	}
	if !ok && !isNumber || text == "" {
		return "", false
	}
	out, drawn := []byte(text), 0
	alphabet := "abcdefghijklmnopqrstuvwxyz"
	if strings.Trim(text, "0123456789abcdef-") == "" {
		alphabet = "abcdef"
	}
	for i, c := range out {
		if drawn%len(seed) == 0 && drawn > 0 {
			seed = pontage.HashParts(string(seed))
		}
		b := int(seed[drawn%len(seed)])
		switch {
		case c >= '0' && c <= '9' && isNumber && i == 0:
			out[i] = '1' + byte(b%9)
		case c >= '0' && c <= '9':
			out[i] = '0' + byte(b%10)
		case c >= 'a' && c <= 'z':
			out[i] = alphabet[b%len(alphabet)]
		default:
			continue
		}
		drawn++
	}
	if name := string(out); isNumber || drawn >= leastDrawn && !strings.ContainsAny(name, "/\\;") {
		return name, true
	}
	return hex.EncodeToString(seed[:12]), true
}
