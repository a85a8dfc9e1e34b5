package pdf

import (
	"strings"

	"github.com/pontage/pontage/openapi/docs/reference"
)

// cell is one text of a row.
type cell struct {
	text   string
	font   font
	colour colour
	// indent moves it to the right.
	indent float64
}

// The widths of columns.
var (
	schemeColumns = []float64{42, 34, width - 76}
	fieldColumns  = []float64{62, 34, width - 96}

	failureColumns = []float64{14, 62, width - 76}
)

// row writes cells side by side, wrapped, over as many pages as it takes, with a thin line below.
func (p *printer) row(cells []cell, columns []float64) {
	const gap = 2
	lines, most := make([][]string, len(cells)), 0
	height := 0.0
	for i, c := range cells {
		p.style(c)
		height = max(height, p.lineHeight())
		lines[i] = p.SplitText(clean(c.text), columns[i]-c.indent-gap)
		most = max(most, len(lines[i]))
	}
	p.room(height*float64(min(most, 4)) + 2)
	p.Ln(0.7)
	for n := range most {
		p.room(height)
		x := float64(margin)
		for i, c := range cells {
			if n < len(lines[i]) {
				p.style(c)
				p.SetX(x + c.indent)
				p.CellFormat(columns[i]-c.indent, height, lines[i][n], "", 0, "L", false, 0, "")
			}
			x += columns[i]
		}
		p.Ln(height)
	}
	p.Ln(0.7)
	p.SetDrawColor(222, 224, 228)
	p.SetLineWidth(0.15)
	p.Line(margin, p.GetY(), margin+width, p.GetY())
}

func (p *printer) style(c cell) {
	if c.font.family == "" {
		c.font = regular
	}
	size := smallSize
	if c.font == mono {
		size = codeSize
	}
	if c.colour == (colour{}) {
		c.colour = black
	}
	p.use(c.font, size, c.colour)
}

// fields is the table of a body.
func (p *printer) fields(list []reference.Field) {
	for _, f := range list {
		name := f.Path
		switch {
		case f.Option:
			name = "either " + f.Name
		case name == "":
			name = "the body"
		}
		indent := 2.5 * float64(min(f.Depth, 8))
		p.row([]cell{{text: last(name), font: mono, indent: indent}, {text: fieldType(f), colour: grey}, {text: fieldText(f)}}, fieldColumns)
	}
}

// last is the end of a path, which the indent completes.
func last(path string) string { return path[strings.LastIndexByte(path, '.')+1:] }

func fieldType(f reference.Field) string {
	kind := f.Type
	if f.Nullable {
		kind += " or null"
	}
	if f.Required {
		kind += ", required"
	}
	return kind
}

func fieldText(f reference.Field) string {
	parts := []string{plainLine(f.Description)}
	return sentence(append(parts, when(f.ReadOnly, "Read only."), when(f.WriteOnly, "Write only."), when(f.Outdated, "Deprecated."),
		rules(f.Rules), example(f.Example)))
}

func when(is bool, text string) string {
	if is {
		return text
	}
	return ""
}

func plainLine(markdown string) string { return strings.Join(paragraphs(markdown), "\n") }

func rules(list []string) string {
	if len(list) == 0 {
		return ""
	}
	text := strings.Join(list, "; ")
	return strings.ToUpper(text[:1]) + text[1:] + "."
}

func example(text string) string {
	if text == "" {
		return ""
	}
	return "Example: " + text
}

// sentence joins what is not empty.
func sentence(parts []string) string {
	var kept []string
	for _, part := range parts {
		if part != "" {
			kept = append(kept, part)
		}
	}
	return strings.Join(kept, " ")
}

// parameters is the table of what goes beside the body.
func (p *printer) parameters(list []reference.Parameter) {
	for _, one := range list {
		kind := one.Type + ", " + one.In
		if one.Required {
			kind += ", required"
		}
		text := sentence([]string{plainLine(one.Description), rules(one.Rules)})
		if one.Offered {
			text = sentence([]string{text, example(strings.Join(one.Texts(), ","))})
		}
		p.row([]cell{{text: one.Name, font: mono}, {text: kind, colour: grey}, {text: text}}, fieldColumns)
	}
}
