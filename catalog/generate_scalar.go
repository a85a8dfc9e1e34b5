package catalog

import (
	"bytes"
	"encoding/json"
	"fmt"
	"math"
	"regexp/syntax"
	"strconv"
	"strings"

	"github.com/getkin/kin-openapi/openapi3"
)

// number gives the smallest number the bounds allow, or 1 where they allow that; whole numbers for integers.
func number(schema *openapi3.Schema, integer bool) any {
	step := 0.0
	if integer {
		step = 1
	}
	if m := schema.MultipleOf; m != nil && *m > 0 {
		step = *m
	}
	value := 1.0
	least, most := bounds(schema)
	gap := step
	if gap == 0 {
		gap = math.Min(1, (most.at-least.at)/2)
	}
	if value < least.at || value == least.at && least.open {
		value = least.at
		if least.open {
			value += gap
		}
	}
	if value > most.at || value == most.at && most.open {
		value = most.at
		if most.open {
			value -= gap
		}
	}
	if step > 0 {
		value = toStep(value, step, least)
	}
	return json.Number(strconv.FormatFloat(value, 'f', -1, 64))
}

// bound is one end of a range; open says that the end itself is not in it.
type bound struct {
	at   float64
	open bool
}

// bounds knows the exclusive ends of both versions.
func bounds(schema *openapi3.Schema) (least, most bound) {
	least, most = bound{at: math.Inf(-1)}, bound{at: math.Inf(1)}
	if schema.Min != nil {
		least = bound{*schema.Min, schema.ExclusiveMin.IsTrue()}
	}
	if schema.Max != nil {
		most = bound{*schema.Max, schema.ExclusiveMax.IsTrue()}
	}
	if v := schema.ExclusiveMin.Value; v != nil && *v >= least.at {
		least = bound{*v, true}
	}
	if v := schema.ExclusiveMax.Value; v != nil && *v <= most.at {
		most = bound{*v, true}
	}
	return least, most
}

// toStep goes up to the next multiple, or down where up leaves the range.
func toStep(value, step float64, least bound) float64 {
	if down := math.Floor(value/step) * step; down > least.at || down == least.at && !least.open {
		return down
	}
	return math.Ceil(value/step) * step
}

// formats are values for the formats people use.
var formats = map[string]string{
	"date": "2026-01-15", "date-time": "2026-01-15T09:30:00Z", "time": "09:30:00Z", "duration": "P1D",
	"email": "user@example.com", "idn-email": "user@example.com", "hostname": "www.example.com",
	"ipv4": "192.0.2.1", "ip": "192.0.2.1", "ipv6": "2001:db8::1", "uri": "https://www.example.com/", "url": "https://www.example.com/",
	"uri-reference": "/example", "byte": "ZXhhbXBsZQ==", "json-pointer": "/example", "regex": "^.*$",
}

// text makes a string by format, then by pattern, and brings it to its length.
func (g *generator) text(schema *openapi3.Schema) any {
	if schema.Pattern != "" {
		if text, ok := g.matching(schema); ok {
			return text
		}
	}
	text, known := formats[schema.Format]
	switch {
	case schema.Format == "uuid":
		return fmt.Sprintf("%08x-%04x-4%03x-a%03x-%012x", g.random.Uint32(), g.random.Uint32()&0xffff,
			g.random.Uint32()&0xfff, g.random.Uint32()&0xfff, g.random.Uint64()&0xffffffffffff)
	case !known:
		text = "string"
	}
	return fitLength(text, schema)
}

// fitLength repeats or cuts a text.
func fitLength(text string, schema *openapi3.Schema) string {
	const most = 1 << 20
	if least := int(min(schema.MinLength, most)); len(text) < least {
		text = strings.Repeat(text, least/len(text)+1)[:least]
	}
	if schema.MaxLength != nil && uint64(len(text)) > *schema.MaxLength {
		text = text[:*schema.MaxLength]
	}
	return text
}

// matching makes a text that the pattern matches, with more repetitions until it is long enough.
func (g *generator) matching(schema *openapi3.Schema) (string, bool) {
	tree, err := syntax.Parse(unicodeEscape.ReplaceAllString(schema.Pattern, `\x{$1}`), syntax.Perl)
	if err != nil {
		return "", false
	}
	for extra := range 64 {
		var out strings.Builder
		g.writeMatch(&out, tree, extra)
		if text := out.String(); g.accepts(schema, text) {
			return text, true
		}
	}
	return "", false
}

// writeMatch walks the pattern; extra is how often repetitions repeat beyond their least.
func (g *generator) writeMatch(out *strings.Builder, re *syntax.Regexp, extra int) {
	switch re.Op {
	case syntax.OpLiteral:
		out.WriteString(string(re.Rune))
	case syntax.OpCharClass:
		out.WriteRune(g.pick(re.Rune))
	case syntax.OpAnyChar, syntax.OpAnyCharNotNL:
		out.WriteByte('a')
	case syntax.OpStar, syntax.OpPlus, syntax.OpQuest, syntax.OpRepeat:
		for range repetitions(re, extra) {
			g.writeMatch(out, re.Sub[0], extra)
		}
	case syntax.OpAlternate:
		g.writeMatch(out, re.Sub[extra%len(re.Sub)], extra)
	default:
		for _, sub := range re.Sub {
			g.writeMatch(out, sub, extra)
		}
	}
}

func repetitions(re *syntax.Regexp, extra int) int {
	switch re.Op {
	case syntax.OpStar:
		return extra
	case syntax.OpPlus:
		return 1 + extra
	case syntax.OpQuest:
		return min(extra, 1)
	}
	if re.Max >= 0 {
		return min(re.Min+extra, re.Max)
	}
	return re.Min + extra
}

// pick chooses a letter or digit of the class where it has one.
func (g *generator) pick(ranges []rune) rune {
	var plain []rune
	for i := 0; i+1 < len(ranges); i += 2 {
		for r := max(ranges[i], '0'); r <= min(ranges[i+1], 'z'); r++ {
			if isAlphanumeric(byte(r)) {
				plain = append(plain, r)
			}
		}
	}
	switch {
	case len(plain) > 0:
		return plain[g.random.IntN(len(plain))]
	case len(ranges) > 0:
		return ranges[0]
	}
	return 'a'
}

// variant makes another value than value would: the n-th of an enumeration, the n-th number, a text with a number.
func (g *generator) variant(schema *openapi3.Schema, n int) any {
	if len(schema.Enum) > 0 {
		return schema.Enum[n%len(schema.Enum)]
	}
	flat := flatten(schema, 0)
	switch typeOf(flat) {
	case "boolean":
		return n%2 == 0
	case "integer", "number":
		least, _ := bounds(flat)
		step := 1.0
		if flat.MultipleOf != nil && *flat.MultipleOf > 0 {
			step = *flat.MultipleOf
		}
		base := math.Max(least.at, 0)
		return json.Number(strconv.FormatFloat(math.Ceil(base/step)*step+float64(n)*step, 'f', -1, 64))
	case "string":
		if flat.Pattern == "" && flat.Format == "" {
			return fitLength(itoa(n)+"string", flat)
		}
	}
	return g.byType(flat)
}

// contains compares as JSON.
func contains(list []any, value any) bool {
	text, _ := encodeJSON(value)
	for _, item := range list {
		if other, _ := encodeJSON(item); bytes.Equal(other, text) {
			return true
		}
	}
	return false
}
