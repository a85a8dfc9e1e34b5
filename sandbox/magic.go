package sandbox

import (
	"strings"

	"github.com/pontage/pontage"
)

// magic begins the values that make an API answer as the header's values of the same name do.
const magic = "simulate-"

// magicOf is the magic value of a line, "" for those that are not about the API.
func (s simulation) magicOf() string {
	if s.suppose.Fact != "" {
		return ""
	}
	return magic + strings.TrimPrefix(s.value, upstream)
}

// MagicValues lists what may stand in a path, a query or a body in place of the header.
func MagicValues() []pontage.Simulation {
	var all []pontage.Simulation
	for _, s := range simulations {
		if value := s.magicOf(); value != "" {
			line := s.public()
			line.Value = value
			all = append(all, line)
		}
	}
	return all
}
