package postman

import (
	"archive/zip"
	"bytes"
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/pontage/pontage/openapi/docs/reference"
)

// Bruno makes the same requests as a folder for Bruno, packed as a zip: one file per request, and an environment per entry of servers,
// which has names and base URLs.
func Bruno(ref *reference.Reference, servers []reference.Server) ([]byte, error) {
	b := newBuilder(ref)
	var out bytes.Buffer
	z := &packer{zip.NewWriter(&out), map[string]bool{}, nil}
	root := fileName(ref.Title) + "/"
	z.add(root, "bruno.json", fmt.Sprintf("{\n  \"version\": \"1\",\n  \"name\": %s,\n  \"type\": \"collection\"\n}\n", quoted(ref.Title)))
	z.add(root, "collection.bru", b.defaults())
	for _, s := range servers {
		z.add(root+"environments/", fileName(s.Description)+".bru", b.environment(s.URL))
	}
	for i, f := range b.folders() {
		folder := fmt.Sprintf("%s%02d %s/", root, i+1, fileName(f.name))
		for n, s := range f.steps {
			z.add(folder, fmt.Sprintf("%02d %s.bru", n+1, fileName(s.name)), b.bru(s, n+1))
		}
	}
	if err := z.Close(); z.failed == nil {
		z.failed = err
	}
	return out.Bytes(), z.failed
}

// packer writes files that are the same whenever they are written.
type packer struct {
	*zip.Writer
	known  map[string]bool
	failed error
}

func (p *packer) add(folder, name, text string) {
	for p.known[folder+name] {
		name = "_" + name
	}
	p.known[folder+name] = true
	w, err := p.CreateHeader(&zip.FileHeader{Name: folder + name, Method: zip.Deflate, Modified: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)})
	if err == nil {
		_, err = w.Write([]byte(text))
	}
	if p.failed == nil {
		p.failed = err
	}
}

// fileName keeps what any file system takes.
func fileName(name string) string {
	const most = 60
	kept := strings.Map(func(c rune) rune {
		if c < ' ' || strings.ContainsRune(`<>:"/\|?*.`, c) {
			return ' '
		}
		return c
	}, name)
	if kept = strings.Join(strings.Fields(kept), " "); len(kept) > most {
		kept = strings.TrimSpace(strings.ToValidUTF8(kept[:most], ""))
	}
	if kept == "" {
		return "unnamed"
	}
	return kept
}

// defaults are the values the collection starts with.
func (b *builder) defaults() string {
	var out block
	var lines []string
	for _, v := range b.variables()[1:] {
		lines = append(lines, v.Key+": "+inLine(v.Value))
	}
	out.write("vars:pre-request", lines)
	return out.String()
}

func (b *builder) environment(baseURL string) string {
	var out block
	lines, secrets := []string{"baseUrl: " + baseURL}, []string{}
	for _, c := range b.credentials() {
		if c.secret {
			secrets = append(secrets, c.name+",")
		} else {
			lines = append(lines, c.name+": ")
		}
	}
	out.write("vars", lines)
	if len(secrets) > 0 {
		secrets[len(secrets)-1] = strings.TrimSuffix(secrets[len(secrets)-1], ",")
		fmt.Fprintf(&out, "vars:secret [\n  %s\n]\n", strings.Join(secrets, "\n  "))
	}
	return out.String()
}

// bru writes one request.
func (b *builder) bru(s step, sequence int) string {
	var out block
	r := b.request(s)
	kind := "none"
	if r.Body != nil {
		kind = map[string]string{"raw": r.Body.Options.Raw.Language, "formdata": "multipartForm", "file": "file"}[r.Body.Mode]
		if r.Body.Mode == "raw" && strings.Contains(s.Body.Content[0].Type, "xml") {
			kind = "xml"
		}
	}
	how := r.Auth.Type
	if how == "noauth" {
		how = "none"
	}
	out.write("meta", []string{"name: " + inLine(s.name), "type: http", fmt.Sprint("seq: ", sequence)})
	out.write(strings.ToLower(s.Method), []string{"url: " + r.URL.Raw, "body: " + kind, "auth: " + how})
	out.write("params:query", pairs(r.URL.Query))
	out.write("params:path", pairs(r.URL.Variable))
	out.write("headers", pairs(r.Header))
	switch {
	case r.Auth.Basic != nil:
		out.write("auth:basic", pairs(r.Auth.Basic))
	case r.Auth.Bearer != nil:
		out.write("auth:bearer", pairs(r.Auth.Bearer))
	case r.Auth.APIKey != nil:
		out.write("auth:apikey", []string{"key: " + inLine(r.Auth.APIKey[0].Value), "value: " + r.Auth.APIKey[1].Value, "placement: " +
			map[string]string{"header": "header", "query": "queryparams"}[r.Auth.APIKey[2].Value]})
	}
	if r.Body != nil {
		out.write("body:"+strings.ReplaceAll(kind, "multipartForm", "multipart-form"), bodyLines(r.Body))
	}
	out.write("script:post-response", b.keep(s))
	if s.Description != "" {
		out.write("docs", strings.Split(s.Description, "\n"))
	}
	return out.String()
}

// bodyLines are what stands in the block of a body.
func bodyLines(b *body) (lines []string) {
	switch b.Mode {
	case "file":
		return []string{"file: @file(" + b.File.Src + ")"}
	case "formdata":
		var list []variable
		for _, p := range b.FormData {
			if p.Type == "file" {
				p.Value = "@file(" + p.Src + ")"
			}
			list = append(list, variable{Key: p.Key, Value: p.Value})
		}
		return pairs(list)
	}
	return strings.Split(b.Raw, "\n")
}

// keep is the program that keeps what the next requests need.
func (b *builder) keep(s step) []string {
	if len(s.remember) == 0 {
		return nil
	}
	lines := []string{"const at = (pointer) => pointer.split('/').slice(1).reduce((value, key) => value?.[key], res.getBody());"}
	for _, m := range s.remember {
		lines = append(lines, fmt.Sprintf("if (at(%s)) bru.setVar(%s, at(%s));", quoted(m.pointer), quoted(m.variable), quoted(m.pointer)))
	}
	return lines
}

// block writes the parts of a file.
type block struct{ strings.Builder }

// write writes one part, and nothing where it is empty. What stands in it is indented, so that nothing in it can end it.
func (w *block) write(name string, lines []string) {
	if len(lines) == 0 {
		return
	}
	if w.Len() > 0 {
		w.WriteByte('\n')
	}
	fmt.Fprintf(w, "%s {\n", name)
	for _, line := range lines {
		w.WriteString(strings.TrimRight("  "+strings.TrimRight(line, "\r"), " ") + "\n")
	}
	w.WriteString("}\n")
}

// pairs are names and values; what is switched off begins with a tilde.
func pairs(list []variable) (lines []string) {
	for _, v := range list {
		off := ""
		if v.Disabled {
			off = "~"
		}
		key := v.Key
		if strings.ContainsAny(key, " :{}\"\n") || key == "" {
			key = `"` + strings.NewReplacer(`"`, `\"`, "\n", " ").Replace(key) + `"`
		}
		lines = append(lines, off+key+": "+inLine(v.Value))
	}
	return lines
}

// inLine makes a text one line.
func inLine(text string) string {
	if !utf8.ValidString(text) {
		text = strings.ToValidUTF8(text, "")
	}
	return strings.Join(strings.Fields(text), " ")
}
