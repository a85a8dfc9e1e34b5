package tree_test

import (
	"encoding/json"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"go.yaml.in/yaml/v4"

	"github.com/pontage/pontage/openapi/docs/tree"
)

func parsed(t testing.TB, text string) *tree.Node {
	t.Helper()
	n, err := tree.Parse([]byte(text))
	if err != nil {
		t.Fatal(err)
	}
	return n
}

// Members keep their order and numbers their digits, from either language into either.
func TestOrderAndNumbersAreKept(t *testing.T) {
	const want = `{"z":[1,2.50,1e3,-0,{"y":null,"a":true}],"a":"\ud83d\ude00 \"é\"\n","m":12345678901234567890,"n":"007","t":"2026-11-20"}`
	asJSON := strings.ReplaceAll(want, `\ud83d\ude00`, "😀")
	n := parsed(t, want)
	for range 2 { // once from JSON, once from the YAML made of it
		got, err := tree.JSON(n)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(asJSON, string(got)); diff != "" {
			t.Error(diff)
		}
		text, err := tree.YAML(n)
		if err != nil {
			t.Fatal(err)
		}
		if again, err := tree.JSON(n); err != nil || string(again) != asJSON {
			t.Errorf("writing YAML changed it: %s %v", again, err)
		}
		n = parsed(t, string(text))
	}
}

// Aliases are written out, dates stay texts, and a bomb of aliases is refused.
func TestYAMLBecomesPlain(t *testing.T) {
	got, err := tree.JSON(parsed(t, "a: &x {d: 2026-11-20}\nb: *x\n"))
	if err != nil || string(got) != `{"a":{"d":"2026-11-20"},"b":{"d":"2026-11-20"}}` {
		t.Errorf("%s %v", got, err)
	}
	bomb := "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
	for i := byte('1'); i <= '9'; i++ {
		bomb += "a" + string(i) + ": &a" + string(i) + " [" + strings.TrimSuffix(strings.Repeat("*a"+string(i-1)+", ", 10), ", ") + "]\n"
	}
	if _, err := tree.Parse([]byte(bomb)); err == nil {
		t.Error("the bomb was read")
	}
	if _, err := tree.Parse([]byte("{\"a\":" + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "}")); err == nil {
		t.Error("a document 5,000 deep was read")
	}
}

// What was repaired reads like the document it came from.
func TestOfKeepsTheOrder(t *testing.T) {
	like := parsed(t, `{"z":[{"b":1,"a":2}],"gone":1,"c":3,"z":0}`)
	value := map[string]any{"new": nil, "c": json.Number("3"), "z": []any{map[string]any{"a": true, "b": "x", "0": json.Number("1.0")}}}
	got, err := tree.JSON(tree.Of(value, like))
	if want := `{"z":[{"b":"x","a":true,"0":1.0}],"c":3,"new":null}`; err != nil || string(got) != want {
		t.Errorf("%s %v", got, err)
	}
}

// References are followed with their escapes, and never without end.
func TestFollow(t *testing.T) {
	root := parsed(t, `{"a~/b":[{"x":7}],"r":{"$ref":"#/a~0~1b/0"},"s":{"$ref":"#/%72"},"loop":{"$ref":"#/loop"},"none":{"$ref":"#/r/9"}}`)
	for key, want := range map[string]string{"r": "7", "s": "7", "loop": "", "none": ""} {
		if got := tree.Value(tree.Member(tree.Follow(root, tree.Member(root, key)), "x")); got != want {
			t.Errorf("%s: %q", key, got)
		}
	}
}

// Whatever JSON a document holds comes through the tree, and through its YAML, as the value it was.
func FuzzRoundTrip(f *testing.F) {
	for _, seed := range []string{`{"a":[1,"x",null,{"b":1e-3}]}`, `{"yes":"no","1":"0x10","":"~","a":"- b: |\n  c"}`, `{"k":"\u2028\u0000\ufeff\t"}`} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, data []byte) {
		var want any
		if json.Unmarshal(data, &want) != nil {
			return
		}
		if _, ok := want.(map[string]any); !ok {
			return
		}
		n, err := tree.Parse(data)
		if err != nil {
			return
		}
		text, err := tree.JSON(n)
		if err != nil {
			t.Fatal(err)
		}
		var got any
		if err := json.Unmarshal(text, &got); err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		asYAML, err := tree.YAML(n)
		if err != nil {
			t.Fatal(err)
		}
		var back yaml.Node
		if err := yaml.Unmarshal(asYAML, &back); err != nil {
			t.Errorf("%v in %q", err, asYAML)
		}
	})
}
