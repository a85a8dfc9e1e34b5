package pdf

import (
	"strconv"

	"github.com/pontage/pontage/openapi/docs/reference"
)

// group is a chapter: a tag and its operations.
type group struct {
	reference.Tag
	operations []reference.Operation
}

// groups puts every operation under its first tag; those without one come last.
func groups(ref *reference.Reference) (list []group) {
	rest := group{Tag: reference.Tag{Name: "Operations"}}
	for _, tag := range ref.Tags {
		g := group{Tag: tag}
		for _, o := range ref.Operations {
			if len(o.Tags) > 0 && o.Tags[0] == tag.Name {
				g.operations = append(g.operations, o)
			}
		}
		if len(g.operations) > 0 {
			list = append(list, g)
		}
	}
	for _, o := range ref.Operations {
		if len(o.Tags) == 0 {
			rest.operations = append(rest.operations, o)
		}
	}
	if len(rest.operations) > 0 {
		list = append(list, rest)
	}
	return list
}

func (p *printer) titlePage() {
	p.AddPage()
	p.Bookmark(clean(p.ref.Title), 0, 0)
	p.SetY(40)
	p.use(bold, 26, black)
	p.paragraph(p.ref.Title, 0)
	p.Ln(2)
	p.use(regular, 12, grey)
	p.paragraph("Reference, version "+p.ref.Version, 0)
	p.Ln(4)
	p.use(mono, plainSize, blue)
	for _, s := range p.ref.Servers {
		p.linked(s.URL)
	}
	p.Ln(4)
	p.prose(p.ref.Description)
	p.authentication()
	if l := p.ref.License; l.Name != "" {
		p.Ln(2)
		p.use(regular, smallSize, grey)
		p.paragraph("Licence: "+l.Name+" "+l.URL, 0)
	}
}

// linked writes an address that can be clicked.
func (p *printer) linked(url string) {
	height := p.lineHeight()
	p.room(height)
	p.SetX(margin)
	p.CellFormat(width, height, clean(url), "", 1, "L", false, 0, url)
}

func (p *printer) authentication() {
	if len(p.ref.Schemes) == 0 {
		return
	}
	p.heading("Authentication", 1)
	for _, s := range p.ref.Schemes {
		kind := s.Type
		if s.Scheme != "" {
			kind += " " + s.Scheme
		}
		if s.Parameter != "" {
			kind += ", " + s.In + " " + s.Parameter
		}
		p.row([]cell{{text: s.Name, font: bold}, {text: kind}, {text: s.Description}}, schemeColumns)
	}
}

// heading is a line in bold, with an entry in the outline.
func (p *printer) heading(text string, level int) {
	p.Ln(3)
	p.room(20)
	p.Bookmark(clean(text), level, -1)
	p.use(bold, 15-2*float64(level), black)
	p.paragraph(text, 0)
	p.Ln(1)
}

// contents lists the operations with links and page numbers.
func (p *printer) contents() {
	p.AddPage()
	p.heading("Contents", 0)
	for _, g := range groups(p.ref) {
		p.Ln(1.5)
		p.room(12)
		p.use(bold, plainSize, black)
		p.paragraph(g.Name, 0)
		for _, o := range g.operations {
			p.entry(o)
		}
	}
}

func (p *printer) entry(o reference.Operation) {
	const number, method = 12, 16
	link := p.AddLink()
	p.links[o.Slug] = link
	p.use(regular, plainSize, black)
	height := p.lineHeight()
	p.room(height)
	p.SetX(margin + 3)
	p.use(mono, codeSize, grey)
	p.CellFormat(method, height, o.Method, "", 0, "L", false, link, "")
	p.use(regular, plainSize, blue)
	p.CellFormat(width-3-method-number, height, p.fit(o.Summary, width-5-method-number), "", 0, "L", false, link, "")
	p.use(regular, plainSize, black)
	p.CellFormat(number, height, strconv.Itoa(p.pages[o.Slug]), "", 1, "R", false, link, "")
}

// fit cuts a text to one line.
func (p *printer) fit(text string, room float64) string {
	lines := p.SplitText(clean(text), room)
	if len(lines) == 0 {
		return ""
	}
	if len(lines) > 1 {
		return lines[0] + " …"
	}
	return lines[0]
}
