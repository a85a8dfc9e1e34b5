package openapi

import (
	"encoding/json"
	"fmt"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// A number must mean the same after it was written out, or a limit would be another one than was asked for.
func TestPlainIntegersKeepTheValue(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringMatching(`-?(0|[1-9][0-9]{0,8})(\.[0-9]{1,6})?([eE][+-]?[0-9]{1,2})?`).Draw(t, "number")
		plain := plainInteger(text)
		before, ok1 := new(big.Rat).SetString(text)
		after, ok2 := new(big.Rat).SetString(plain)
		if !ok1 || !ok2 || before.Cmp(after) != 0 || !json.Valid([]byte(plain)) {
			t.Fatalf("%s became %s", text, plain)
		}
		if _, err := fmt.Sscan(plain, new(big.Int)); before.IsInt() && plain != text && err != nil {
			t.Fatalf("%s became %s", text, plain)
		}
	})
}

func TestPlainIntegers(t *testing.T) {
	for text, want := range map[string]string{
		"3600.0": "3600", "3.6e3": "3600", "1E2": "100", "0.0": "0", "-0": "0", "-1.0": "-1", "1.5": "1.5", "15e-1": "15e-1",
		"1e999999999": "1e999999999", "1e41": "1e41", "0.000": "0", "12": "12",
	} {
		if got := plainInteger(text); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}
