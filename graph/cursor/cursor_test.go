package cursor_test

import (
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/cursor"
)

func ring(t testing.TB, keys ...pontage.Key) cursor.Codec {
	t.Helper()
	r, err := pontage.NewKeyRing(keys...)
	if err != nil {
		t.Fatal(err)
	}
	return cursor.Codec{Keys: r}
}

var (
	list  = cursor.List{Account: "acc_1", Name: "tokens", Parts: []string{"NEWEST_FIRST", ""}}
	place = pontage.Place{At: time.Date(2026, 11, 20, 9, 30, 0, 250_001_000, time.UTC), ID: "lin_00000000000000000000000001"}
)

// A page goes on exactly behind the entry its cursor names, also after the signing key was changed.
func TestACursorNamesItsPlace(t *testing.T) {
	old, fresh := pontage.NewKey("k1"), pontage.NewKey("k2")
	text := ring(t, old).Encode(list, place)
	for _, codec := range []cursor.Codec{ring(t, old), ring(t, fresh, old)} {
		if got, err := codec.Decode(list, text); err != nil || got != place {
			t.Errorf("%+v, %v", got, err)
		}
	}
	if _, err := ring(t, fresh).Decode(list, text); pontage.CodeOf(err) != pontage.InvalidInput {
		t.Errorf("a retired key is taken: %v", err)
	}
}

// Lists that are sorted by a text go on behind that text, however long it is.
func TestACursorNamesATextItsListIsSortedBy(t *testing.T) {
	codec := ring(t, pontage.NewKey("k1"))
	for _, key := range []string{"a", "ünï \x00 ☃", strings.Repeat("名", 200)} {
		p := pontage.Place{Key: key, ID: place.ID}
		if got, err := codec.Decode(list, codec.Encode(list, p)); err != nil || got != p {
			t.Errorf("%q: %+v, %v", key, got, err)
		}
	}
}

// Nobody reads another one's list, or another list, through a cursor.
func TestForeignAndForgedCursorsAreRefused(t *testing.T) {
	codec := ring(t, pontage.NewKey("k1"))
	text := codec.Encode(list, place)
	for name, l := range map[string]cursor.List{
		"another account": {Account: "acc_2", Name: list.Name, Parts: list.Parts},
		"another list":    {Account: list.Account, Name: "clients", Parts: list.Parts},
		"another order":   {Account: list.Account, Name: list.Name, Parts: []string{"OLDEST_FIRST", ""}},
		"moved parts":     {Account: list.Account, Name: list.Name, Parts: []string{"NEWEST_FIRST"}},
	} {
		if _, err := codec.Decode(l, text); pontage.CodeOf(err) != pontage.InvalidInput || pontage.Public(err).Field != "after" {
			t.Errorf("%s: %v", name, err)
		}
	}
	for i := range text {
		forged := text[:i] + string(text[i]^1) + text[i+1:]
		if _, err := codec.Decode(list, forged); err == nil {
			t.Errorf("taken with byte %d changed", i)
		}
	}
	for _, bad := range []string{"", "x", text[:len(text)-1], text + "A", strings.Repeat("A", 20_000)} {
		if _, err := codec.Decode(list, bad); err == nil {
			t.Errorf("taken: %.40q", bad)
		}
	}
}

// What a stranger writes as a cursor is refused, whatever it is.
func FuzzDecode(f *testing.F) {
	codec := ring(f, pontage.Key{ID: "k1", Secret: [32]byte{1}})
	good := codec.Encode(list, place)
	f.Add(good)
	f.Add("AmsxAAAA")
	f.Fuzz(func(t *testing.T, text string) {
		got, err := codec.Decode(list, text)
		if (err == nil) != (text == good) || err == nil && got != place {
			t.Fatalf("%q: %+v, %v", text, got, err)
		}
	})
}
