//go:build e2e

package e2e

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/samples"
	"github.com/pontage/pontage/server"
)

// runners say how a sample of each language is run, and under which name it is kept.
var runners = map[string]struct {
	file    string
	command []string
}{
	"Shell": {"sample.sh", []string{"sh"}}, "JavaScript": {"sample.mjs", []string{"node"}}, "Python": {"sample.py", []string{"python3"}},
	"Go": {"main.go", []string{"go", "run"}}, "PHP": {"sample.php", []string{"php"}},
}

// documents are those of PONTAGE_APIS, or else the repository's own.
func documents(t *testing.T) map[string][]byte {
	t.Helper()
	folder := os.Getenv("PONTAGE_APIS")
	if folder == "" {
		folder = "../../catalog/testdata"
	}
	files, err := filepath.Glob(filepath.Join(folder, "*.json"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no documents in %s: %v", folder, err)
	}
	all := map[string][]byte{}
	for _, file := range files {
		data, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		all[strings.TrimSuffix(filepath.Base(file), ".openapi.json")] = data
	}
	return all
}

// sandbox is the running instance for trying out.
func sandbox(t *testing.T, all []server.Running) server.Running {
	t.Helper()
	for _, r := range all {
		if r.Name == server.Sandbox {
			return r
		}
	}
	t.Fatal("no sandbox runs")
	return server.Running{}
}

// get fetches what anybody may read.
func get(t *testing.T, url string) []byte {
	t.Helper()
	response, err := http.Get(url)
	if err != nil {
		t.Fatal(err)
	}
	defer response.Body.Close()
	data, err := io.ReadAll(response.Body)
	if err != nil || response.StatusCode != http.StatusOK {
		t.Fatalf("%s: %d %v", url, response.StatusCode, err)
	}
	return data
}

func readReference(t *testing.T, data []byte) *reference.Reference {
	t.Helper()
	ref, err := reference.Read(data)
	if err != nil {
		t.Fatal(err)
	}
	return ref
}

// run runs a program in a folder; it must end well.
func run(t *testing.T, folder string, environment []string, name string, arguments ...string) string {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*time.Minute)
	defer cancel()
	command := exec.CommandContext(ctx, name, arguments...)
	command.Dir, command.Env = folder, append(os.Environ(), environment...)
	var errors bytes.Buffer
	command.Stderr = &errors
	output, err := command.Output()
	if err != nil {
		t.Fatalf("%s %v: %v\n%s%s", name, arguments, err, output, errors.String())
	}
	return string(output)
}

// Whoever copies a sample of any operation has a program of that language.
func TestEverySampleParses(t *testing.T) {
	all, c := serve(t, onSQLite)
	r := sandbox(t, all)
	found, hosts := map[string][]byte{}, importAll(t, c)
	createToken(t, r, hosts)
	for name, host := range hosts {
		found[name] = published(t, r, host, "openapi.json")
	}
	found["token"] = get(t, r.URL+"/openapi.json")
	folder, operations, written := t.TempDir(), 0, 0
	files := token.NewFileSet()
	check := types.Config{Importer: importer.ForCompiler(files, "source", nil)}
	for name, data := range found {
		ref := readReference(t, data)
		for _, o := range ref.Operations {
			operations++
			for i, s := range samples.Of(ref, o) {
				written++
				path := filepath.Join(folder, s.Lang, fmt.Sprint(name, "-", o.Slug, "-", i), runners[s.Lang].file)
				if s.Lang == "Go" && name != "token" { // a process for each would take a minute
					file, err := parser.ParseFile(files, path, s.Source, parser.SkipObjectResolution)
					if err == nil {
						_, err = check.Check("main", files, []*ast.File{file}, nil)
					}
					if err != nil {
						t.Errorf("%v\n%s", err, s.Source)
					}
					continue
				}
				write(t, path, s.Source)
			}
		}
	}
	write(t, filepath.Join(folder, "Go", "go.mod"), "module samples\n\ngo 1.26\n")
	run(t, filepath.Join(folder, "Go"), nil, goCommand(), "vet", "./...")
	run(t, folder, nil, "python3", "-m", "compileall", "-q", "Python")
	run(t, ".", nil, "node", "--experimental-vm-modules", "--no-warnings", "parse-javascript.mjs", filepath.Join(folder, "JavaScript"))
	run(t, ".", nil, "php", "parse.php", filepath.Join(folder, "PHP"))
	run(t, filepath.Join(folder, "Shell"), nil, "sh", "-c", `for f in */sample.sh; do sh -n "$f" || exit 1; done`)
	t.Logf("%d operations of %d documents sampled, %d samples parse", operations, len(found), written)
}

func write(t *testing.T, path, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, []byte(text+"\n"), 0o644); err != nil {
		t.Fatal(err)
	}
}

func goCommand() string {
	if name := os.Getenv("GO"); name != "" {
		return name
	}
	return "go"
}

// runSample runs one sample and gives what it printed.
func runSample(t *testing.T, s samples.Sample, environment []string) string {
	t.Helper()
	folder, runner := t.TempDir(), runners[s.Lang]
	write(t, filepath.Join(folder, runner.file), s.Source)
	command := append(append([]string{}, runner.command...), runner.file)
	if s.Lang == "Go" {
		command[0] = goCommand()
	}
	return run(t, folder, environment, command[0], command[1:]...)
}

// eachLanguage gives the first sample of each.
func eachLanguage(ref *reference.Reference, o reference.Operation) (list []samples.Sample) {
	known := map[string]bool{}
	for _, s := range samples.Of(ref, o) {
		if !known[s.Lang] {
			known[s.Lang] = true
			list = append(list, s)
		}
	}
	return list
}

// operation finds one by its id or its path.
func operation(t *testing.T, ref *reference.Reference, what string) reference.Operation {
	t.Helper()
	for _, o := range ref.Operations {
		if o.ID == what || o.Path == what {
			return o
		}
	}
	t.Fatalf("no operation %s", what)
	return reference.Operation{}
}

// A sample sends what it shows, whatever characters the example holds, in every language.
func TestSamplesSendTheirExamples(t *testing.T) {
	nasty := "' \" ` \\ \\' $HOME ${x} $(id) %s é 😀 \u2028 </script> <?php ?> \nJSON\n;// @x {{y}} \x01\x7f"
	text, err := json.Marshal(nasty)
	if err != nil {
		t.Fatal(err)
	}
	type arrived struct {
		path, query, header, authorization string
		body                               any
	}
	var last arrived
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		last = arrived{r.URL.Path, r.URL.Query().Get("q"), r.Header.Get("X-Text"), r.Header.Get("Authorization"), nil}
		if err := json.NewDecoder(r.Body).Decode(&last.body); err != nil {
			t.Errorf("body: %v", err)
		}
		_, _ = io.WriteString(w, `{"ok":true}`)
	}))
	defer s.Close()
	example := fmt.Sprintf(`{"text":%s,%s:[1,2.5,true,false,null,{},[],{"a":"b"}]}`, text, text)
	var body any
	if err := json.Unmarshal([]byte(example), &body); err != nil {
		t.Fatal(err)
	}
	ref := readReference(t, fmt.Appendf(nil, `{"openapi":"3.1.0","info":{"title":"T","version":"1"},"servers":[{"url":"%s"}],
"components":{"securitySchemes":{"b":{"type":"http","scheme":"bearer"}}},"security":[{"b":[]}],
"paths":{"/echo/{segment}":{"patch":{"parameters":[
	{"name":"segment","in":"path","required":true,"schema":{"type":"string"},"example":%s},
	{"name":"q","in":"query","required":true,"schema":{"type":"string"},"example":%s},
	{"name":"X-Text","in":"header","required":true,"schema":{"type":"string"},"example":"'\"$HOME \\ `+"`"+`"}],
"requestBody":{"content":{"application/json":{"schema":{"type":"object"},"example":%s}}},
"responses":{"200":{"description":"x"}}}}}}`, s.URL, text, text, example))
	want := arrived{"/echo/" + nasty, nasty, "'\"$HOME \\ `", "Bearer a secret", body}
	for _, sample := range eachLanguage(ref, ref.Operations[0]) {
		last = arrived{}
		output := runSample(t, sample, []string{"PONTAGE_TOKEN=a secret"})
		if !strings.Contains(output, `{"ok":true}`) || !reflect.DeepEqual(last, want) {
			t.Errorf("%s: %s\n got %#v\nwant %#v", sample.Lang, output, last, want)
		}
	}
}

// The samples of the token API work as they are: a reader makes a token in any language.
func TestSamplesRunAgainstTheSandbox(t *testing.T) {
	all, _ := serve(t, onSQLite)
	r := sandbox(t, all)
	ref := readReference(t, get(t, r.URL+"/openapi.json"))
	environment := []string{"PONTAGE_EMAIL=" + r.Demo.Email, "PONTAGE_KEY=" + r.Demo.APIKey}
	ran := 0
	for _, sample := range eachLanguage(ref, operation(t, ref, "createToken")) {
		if output := runSample(t, sample, environment); !strings.Contains(output, `"refreshToken":"pt_test_`) {
			t.Errorf("%s: %s", sample.Lang, output)
		}
		ran++
	}
	list := eachLanguage(ref, operation(t, ref, "listTokens"))[0]
	if tokens := runSample(t, list, environment); strings.Count(tokens, `"first token"`) != ran {
		t.Errorf("%d languages made these tokens: %s", ran, tokens)
	}
	t.Logf("%d samples ran at %s", ran+1, r.URL)
}
