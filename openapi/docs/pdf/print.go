package pdf

import (
	"bytes"
	"fmt"
	"time"

	"codeberg.org/go-pdf/fpdf"
	"golang.org/x/image/font/gofont/gobold"
	"golang.org/x/image/font/gofont/gomono"
	"golang.org/x/image/font/gofont/goregular"

	"github.com/pontage/pontage/openapi/docs/reference"
)

// Sizes in millimetres on A4, fonts in points.
const (
	margin   = 18
	width    = 210 - 2*margin
	bottom   = 18
	lastLine = 297 - bottom

	plainSize, smallSize, codeSize = 9.5, 8.5, 7.5
)

// A font is a family and a style of the library's.
type font struct{ family, style string }

var (
	regular = font{"Go", ""}
	bold    = font{"Go", "B"}
	mono    = font{"GoMono", ""}
)

// printer writes one document.
type printer struct {
	*fpdf.Fpdf
	ref *reference.Reference
	// links lead to the operations by their slugs; pages are those they begin on.
	links, pages map[string]int
}

// Print makes the PDF of a reference. It is set twice, because the table of contents stands before the pages it names.
func Print(ref *reference.Reference) ([]byte, error) {
	draft := set(ref, map[string]int{})
	var out bytes.Buffer
	if err := set(ref, draft.pages).Output(&out); err != nil {
		return nil, fmt.Errorf("pdf: %w", err)
	}
	return out.Bytes(), nil
}

// set sets all pages; what pages says goes into the table of contents.
func set(ref *reference.Reference, pages map[string]int) *printer {
	p := &printer{Fpdf: fpdf.New("P", "mm", "A4", ""), ref: ref, links: map[string]int{}, pages: pages}
	p.begin()
	p.titlePage()
	p.contents()
	for _, g := range groups(ref) {
		p.group(g)
	}
	return p
}

func (p *printer) begin() {
	made := time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC) // the same document gives the same pages
	p.SetCreationDate(made)
	p.SetModificationDate(made)
	p.SetCatalogSort(true)
	p.SetCatalogSort(true)
	p.SetLang("en")
	p.SetTitle(clean(p.ref.Title), true)
	p.SetMargins(margin, margin, margin)
	p.SetAutoPageBreak(false, bottom)
	p.SetCellMargin(0)
	p.AddUTF8FontFromBytes(regular.family, regular.style, goregular.TTF)
	p.AddUTF8FontFromBytes(bold.family, bold.style, gobold.TTF)
	p.AddUTF8FontFromBytes(mono.family, mono.style, gomono.TTF)
	p.SetFooterFunc(p.footer)
}

func (p *printer) footer() {
	if p.PageNo() == 1 {
		return
	}
	p.SetY(-bottom + 6)
	p.use(regular, smallSize, grey)
	p.CellFormat(width/2, 5, clean(p.ref.Title+" "+p.ref.Version), "", 0, "L", false, 0, "")
	p.CellFormat(width/2, 5, fmt.Sprint(p.PageNo()), "", 0, "R", false, 0, "")
}

// colour is red, green and blue.
type colour [3]int

var (
	black = colour{30, 30, 30}
	grey  = colour{105, 105, 105}
	blue  = colour{20, 70, 150}
	pale  = colour{244, 245, 247}
)

func (p *printer) use(f font, size float64, c colour) {
	p.SetFont(f.family, f.style, size)
	p.SetTextColor(c[0], c[1], c[2])
}

// room begins a new page where less than height is left.
func (p *printer) room(height float64) {
	if p.GetY()+height > lastLine {
		p.AddPage()
	}
}

// lineHeight is the height of a line in the current font.
func (p *printer) lineHeight() float64 {
	_, size := p.GetFontSize()
	return size * 1.32
}

// paragraph writes wrapped text over the whole width, from indent on.
func (p *printer) paragraph(text string, indent float64) {
	height := p.lineHeight()
	for _, line := range p.SplitText(clean(text), width-indent) {
		p.room(height)
		p.SetX(margin + indent)
		p.CellFormat(width-indent, height, line, "", 1, "L", false, 0, "")
	}
}

// prose writes a description: paragraphs with a little room between them.
func (p *printer) prose(markdown string) {
	p.use(regular, plainSize, black)
	for _, text := range paragraphs(markdown) {
		p.paragraph(text, 0)
		p.Ln(1.6)
	}
}
