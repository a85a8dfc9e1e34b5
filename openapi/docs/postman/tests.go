package postman

import (
	"fmt"
	"strings"
)

// tests is the program that runs after a request: it checks the answer against the document, and keeps what the next requests need.
func (b *builder) tests(s step) []string {
	lines := []string{
		"const code = pm.response.code;",
		fmt.Sprintf("pm.test(%s, () => pm.expect(%s, 'status ' + code).to.be.true);", quoted(s.name+": a documented status"), documented(s)),
	}
	if success := b.succeeds(s); success != "" {
		lines = append(lines, strings.TrimPrefix(fmt.Sprintf("%spm.test(%s, () => pm.expect(code).to.be.within(200, 399));", success, quoted(s.name+": succeeds")), always))
	}
	if jsonAlways(s) {
		lines = append(lines, fmt.Sprintf("pm.test(%s, () => pm.response.json());", quoted(s.name+": JSON")))
	}
	if len(s.remember) == 0 {
		return lines
	}
	lines = append(lines, "if (code < 300) {",
		"  const at = (pointer) => pointer.split('/').slice(1).reduce((value, key) => value?.[key], pm.response.json());")
	for _, m := range s.remember {
		lines = append(lines, fmt.Sprintf("  if (at(%s)) pm.environment.set(%s, at(%s));", quoted(m.pointer), quoted(m.variable), quoted(m.pointer)))
	}
	return append(lines, "}")
}

// always is the head of a statement that has no condition.
const always = " "

// succeeds says, as the head of a statement, when a request must succeed, or is empty where that is not known: always in the walkthrough, and else where nothing it needs is made up.
func (b *builder) succeeds(s step) string {
	if s.must || len(s.remember) > 0 {
		return always
	}
	if s.Method != "GET" {
		return ""
	}
	var known []string
	for _, p := range s.Parameters {
		if p.In != "path" {
			continue
		}
		name := variableOf(s.Operation, p.Name)
		if !b.remembered[name] {
			return ""
		}
		known = append(known, "pm.environment.has("+quoted(name)+")")
	}
	if len(known) == 0 {
		return always
	}
	return "if (" + strings.Join(known, " && ") + ") "
}

// documented says, as an expression over code, which statuses the document names. A server that fails is no success of a test,
// documented or not.
func documented(s step) string {
	var all []string
	for _, a := range s.Answers {
		code := statusOf(a.Status)
		switch {
		case code >= 500:
		case a.Status == "default":
			all = append(all, "code < 500")
		case strings.HasSuffix(strings.ToUpper(a.Status), "XX"):
			all = append(all, fmt.Sprintf("(code >= %d && code < %d)", code, code+100))
		default:
			all = append(all, fmt.Sprintf("code === %d", code))
		}
	}
	if len(all) == 0 {
		return "code < 500"
	}
	return strings.Join(all, " || ")
}

// jsonAlways says whether every documented answer is JSON.
func jsonAlways(s step) bool {
	for _, a := range s.Answers {
		if len(a.Content) == 0 || !a.Content[0].JSON() {
			return false
		}
	}
	return len(s.Answers) > 0
}

func quoted(s string) string {
	text, _ := encoded(s) // a string always encodes
	return strings.TrimSuffix(string(text), "\n")
}
