package pontage_test

import (
	"encoding/json"
	"math/big"
	"strings"
	"testing"

	"github.com/pontage/pontage"
	"pgregory.net/rapid"
)

// A price is what the operator wrote, to the last digit, or it is refused.
func TestMoneyIsReadExactlyOrRefused(t *testing.T) {
	for text, want := range map[string]string{
		"0": "0", "-0": "0", "12.5": "12.5", "1e-2": "0.01", "0.000001": "0.000001", "1E+2": "100", "-3.10": "-3.1",
		"1000000000": "1000000000", "0.0000010": "0.000001", "10e-7": "0.000001", "0e99": "0",
	} {
		got, err := pontage.ParseMoney(text)
		if err != nil || got.String() != want {
			t.Errorf("%s: got %s, %v; want %s", text, got, err, want)
		}
	}
	for _, text := range []string{
		"", " 1", "1 ", "+1", "01", ".5", "1.", "NaN", "Infinity", "0x10", "1e", "1_000", "0.0000001", "1e-7", "1000000000.000001",
		"1e99", "1e-99", "9223372036854775808", `"1"`, "null", strings.Repeat("1", 65),
	} {
		if got, err := pontage.ParseMoney(text); err == nil {
			t.Errorf("%q was read as %s", text, got)
		}
	}
}

// Limits are rounded half to even, so that rounding many of them favours nobody.
func TestLimitsRoundHalfToEven(t *testing.T) {
	for text, want := range map[string]string{
		"0.0000005": "0", "0.0000015": "0.000002", "0.0000025": "0.000002", "0.00000250001": "0.000003", "-0.0000015": "-0.000002",
		"1e-99": "0", "0.00000049": "0", "0.00000051": "0.000001",
	} {
		if got, err := pontage.RoundMoney(text); err != nil || got.String() != want {
			t.Errorf("%s: got %s, %v; want %s", text, got, err, want)
		}
	}
}

func TestTenThousandCentsAreAHundred(t *testing.T) {
	cent, _ := pontage.ParseMoney("0.01")
	sum := pontage.Money(0)
	for range 10_000 {
		next, err := sum.Add(cent)
		if err != nil {
			t.Fatal(err)
		}
		sum = next
	}
	if sum.String() != "100" {
		t.Fatalf("10,000 × 0.01 = %s", sum)
	}
	t.Logf("10,000 × 0.01 = %s", sum)
}

// Sums are those of unbounded integers, or refused.
func TestMoneyAddsExactlyOrRefuses(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		a, b := rapid.Int64().Draw(t, "a"), rapid.Int64().Draw(t, "b")
		exact := new(big.Int).Add(big.NewInt(a), big.NewInt(b))
		sum, err := pontage.Money(a).Add(pontage.Money(b))
		if (err == nil) != exact.IsInt64() || err == nil && int64(sum) != exact.Int64() {
			t.Fatalf("%d + %d = %d, %v; exactly %s", a, b, sum, err, exact)
		}
	})
}

// What we print is what we read: an amount survives any number of trips through JSON.
func TestMoneySurvivesJSON(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := pontage.Money(rapid.Int64Range(-int64(pontage.MaxMoney), int64(pontage.MaxMoney)).Draw(t, "micros"))
		data, err := json.Marshal(m)
		if err != nil {
			t.Fatal(err)
		}
		var back pontage.Money
		if err := json.Unmarshal(data, &back); err != nil || back != m {
			t.Fatalf("%d -> %s -> %d, %v", m, data, back, err)
		}
	})
}

func TestMoneySumsThatDoNotFitAreRefused(t *testing.T) {
	for _, pair := range [][2]pontage.Money{{1<<63 - 1, 1}, {-1 << 63, -1}} {
		if sum, err := pair[0].Add(pair[1]); err == nil {
			t.Errorf("%d + %d = %d", pair[0], pair[1], sum)
		}
	}
}

// FuzzParseMoney compares with exact rational arithmetic: never a panic, never a micro off.
func FuzzParseMoney(f *testing.F) {
	for _, seed := range []string{"0", "-1.5", "1e-6", "0.0000005", "9e8", "1e999", "NaN", "0x1", "1.0e+3"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := pontage.ParseMoney(text)
		if err != nil {
			return
		}
		exact, ok := new(big.Rat).SetString(text)
		if !ok {
			t.Fatalf("%q is no number, read as %s", text, got)
		}
		if exact.Mul(exact, big.NewRat(1_000_000, 1)).Cmp(new(big.Rat).SetInt64(int64(got))) != 0 {
			t.Fatalf("%q read as %s", text, got)
		}
	})
}
