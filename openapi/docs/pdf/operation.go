package pdf

import (
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage/openapi/docs/reference"
	"github.com/pontage/pontage/openapi/docs/tree"
)

// mostLines bounds how much of one example is printed.
const mostLines = 120

// mostLetters bounds how much of a failure's example is printed.
const mostLetters = 400

func (p *printer) group(g group) {
	p.AddPage()
	p.heading(g.Name, 0)
	p.prose(g.Description)
	for i, o := range g.operations {
		if i > 0 {
			p.Ln(6)
		}
		p.operation(o)
	}
}

func (p *printer) operation(o reference.Operation) {
	p.room(50)
	p.SetLink(p.links[o.Slug], p.GetY(), -1)
	p.pages[o.Slug] = p.PageNo()
	p.heading(o.Summary, 1)
	p.use(mono, plainSize, blue)
	p.paragraph(o.Method+" "+o.Path, 0)
	p.Ln(1.5)
	if o.Deprecated {
		p.use(bold, plainSize, black)
		p.paragraph("Deprecated.", 0)
	}
	p.prose(o.Description)
	p.security(o)
	if len(o.Parameters) > 0 {
		p.subheading("Parameters")
		p.parameters(o.Parameters)
	}
	if o.Body != nil {
		p.body(*o.Body)
	}
	p.answers(o.Answers)
}

func (p *printer) subheading(text string) {
	p.Ln(2.5)
	p.room(16)
	p.use(bold, plainSize, black)
	p.paragraph(text, 0)
	p.Ln(0.5)
}

func (p *printer) security(o reference.Operation) {
	var ways []string
	for _, set := range o.Security {
		ways = append(ways, strings.Join(set, " with "))
	}
	if len(ways) > 0 {
		p.use(regular, smallSize, grey)
		p.paragraph("Authentication: "+strings.Join(ways, ", or "), 0)
	}
}

func (p *printer) body(b reference.Body) {
	for _, c := range b.Content {
		title := "Body, " + c.Type
		if !b.Required {
			title += ", may be left out"
		}
		p.subheading(title)
		p.fields(c.Fields)
		p.example(c)
	}
}

// answers prints each answer with its fields, and the failures, which are much the same everywhere, as a table.
func (p *printer) answers(list []reference.Answer) {
	var failures []reference.Answer
	for _, a := range list {
		if strings.HasPrefix(a.Status, "4") || strings.HasPrefix(a.Status, "5") {
			failures = append(failures, a)
			continue
		}
		p.subheading("Answer " + a.Status)
		p.use(regular, smallSize, black)
		p.paragraph(plainLine(a.Description), 0)
		p.parameters(a.Headers)
		if c := reference.Preferred(a.Content); c != nil {
			p.fields(c.Fields)
			p.example(*c)
		}
	}
	if len(failures) == 0 {
		return
	}
	p.subheading("Failures")
	for _, a := range failures {
		text := ""
		if c := reference.Preferred(a.Content); c != nil && utf8.Valid(c.Example) {
			text = string(c.Example[:min(len(c.Example), mostLetters)])
		}
		p.row([]cell{{text: a.Status, font: bold}, {text: plainLine(a.Description)}, {text: spaced(text), font: mono, colour: grey}}, failureColumns)
	}
}

// spaced lets compact JSON be wrapped after its commas.
func spaced(text string) string { return strings.ReplaceAll(text, `,"`, `, "`) }

// example prints a body in a box.
func (p *printer) example(c reference.Content) {
	if len(c.Example) == 0 || !utf8.Valid(c.Example) {
		return
	}
	text := string(c.Example)
	if n, err := tree.ParseJSON(c.Example); err == nil && c.JSON() {
		if indented, err := tree.Indented(n); err == nil {
			text = string(indented)
		}
	}
	p.Ln(1.2)
	p.use(mono, codeSize, black)
	lines := p.SplitText(clean(text), width-4)
	if len(lines) > mostLines {
		lines = append(lines[:mostLines], "…")
	}
	height := p.lineHeight()
	p.SetFillColor(pale[0], pale[1], pale[2])
	p.room(height * float64(min(len(lines), 4)))
	for _, line := range lines {
		p.room(height)
		p.SetX(margin)
		p.CellFormat(2, height, "", "", 0, "L", true, 0, "")
		p.CellFormat(width-2, height, line, "", 1, "L", true, 0, "")
	}
}
