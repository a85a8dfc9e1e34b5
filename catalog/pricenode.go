package catalog

import (
	"bytes"
	"errors"
	"io"
	"strconv"
	"strings"

	"github.com/pontage/pontage"
	yaml "go.yaml.in/yaml/v4"
)

// place is one node of a price file and the way to it.
type place struct {
	node *yaml.Node
	path string
}

// parsePriceNode gives the root of a file that holds one YAML document.
func parsePriceNode(data []byte) (place, error) {
	if len(data) > maxPriceFile {
		return place{}, priceError("The price file is larger than %d bytes.", maxPriceFile)
	}
	decoder := yaml.NewDecoder(bytes.NewReader(data))
	var document, more yaml.Node
	if err := decoder.Decode(&document); err != nil {
		if errors.Is(err, io.EOF) {
			return place{}, priceError("The price file is empty.")
		}
		return place{}, priceError("The price file is not YAML: %v", err)
	}
	if err := decoder.Decode(&more); !errors.Is(err, io.EOF) {
		return place{}, priceError("The price file must hold one YAML document.")
	}
	if document.Kind != yaml.DocumentNode || len(document.Content) != 1 {
		return place{}, priceError("The price file is empty.")
	}
	return place{node: document.Content[0]}, nil
}

func priceError(format string, args ...any) error {
	return pontage.E(pontage.InvalidInput, format, args...).At("prices")
}

// wrong says what is the matter here.
func (p place) wrong(what string) error {
	path := p.path
	if path == "" {
		path = "the file"
	}
	return priceError("Price file, line %d: %s %s.", p.node.Line, path, what)
}

func (p place) child(node *yaml.Node, name string) place {
	if p.path != "" {
		name = p.path + " > " + name
	}
	return place{node: node, path: name}
}

// eachKey goes through a mapping in the order of the file; a key that stands twice, an alias or a merge key is an error.
func (p place) eachKey(do func(key string, value place) error) error {
	if p.node.Kind != yaml.MappingNode {
		return p.wrong("must be a mapping")
	}
	seen := map[string]bool{}
	for i := 0; i+1 < len(p.node.Content); i += 2 {
		key, value := p.node.Content[i], p.node.Content[i+1]
		if key.Kind != yaml.ScalarNode || key.ShortTag() != "!!str" {
			return p.child(key, clip(key.Value)).wrong("must be a text as key")
		}
		at := p.child(value, clip(key.Value))
		if seen[key.Value] {
			return p.child(key, clip(key.Value)).wrong("stands twice")
		}
		seen[key.Value] = true
		if err := do(key.Value, at); err != nil {
			return err
		}
	}
	return nil
}

// each reads a mapping whose keys are all known.
func (p place) each(known map[string]func(place) error) error {
	return p.eachKey(func(key string, value place) error {
		read := known[key]
		if read == nil {
			return value.wrong("is not a known key")
		}
		return read(value)
	})
}

// eachItem goes through a list.
func (p place) eachItem(do func(place) error) error {
	if p.node.Kind != yaml.SequenceNode {
		return p.wrong("must be a list")
	}
	for i, item := range p.node.Content {
		if err := do(p.child(item, strconv.Itoa(i))); err != nil {
			return err
		}
	}
	return nil
}

func (p place) scalar(tag string) bool {
	return p.node.Kind == yaml.ScalarNode && p.node.ShortTag() == tag
}

func (p place) isFalse() bool { return p.scalar("!!bool") && p.node.Value == "false" }

func (p place) boolean() (bool, error) {
	if !p.scalar("!!bool") || p.node.Value != "true" && p.node.Value != "false" {
		return false, p.wrong("must be true or false")
	}
	return p.node.Value == "true", nil
}

func (p place) text() (string, error) {
	if !p.scalar("!!str") {
		return "", p.wrong("must be a text")
	}
	return p.node.Value, nil
}

func (p place) integer(least, most int64) (int64, error) {
	n, err := strconv.ParseInt(p.node.Value, 10, 64)
	if !p.scalar("!!int") || err != nil || n < least || n > most {
		return 0, p.wrong("must be a whole number from " + strconv.FormatInt(least, 10) + " to " + strconv.FormatInt(most, 10))
	}
	return n, nil
}

// amount reads money from the text of the number, so that no float ever holds it.
func (p place) amount() (pontage.Money, error) {
	if !p.scalar("!!int") && !p.scalar("!!float") {
		return 0, p.wrong("must be a number")
	}
	m, err := pontage.ParseMoney(p.node.Value)
	if err != nil {
		return 0, p.wrong("is not an amount: " + strings.TrimSuffix(pontage.Public(err).Message, "."))
	}
	if m < 0 {
		return 0, p.wrong("must not be negative")
	}
	return m, nil
}
