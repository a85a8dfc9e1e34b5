package demo

import _ "embed"

// What a first call needs to know.
const (
	// Host is the API's host in the catalogue.
	Host = "places.demo.example"
	// PaidPath is a GET that costs PaidPrice, in micro-units of the instance's currency (0.05).
	PaidPath  = "/postcodes/IT/00184"
	PaidPrice = 50_000
	// FreePath is a GET that costs nothing; AllowancePath one that is free ten times a day and 0.02 after; FailingPath one whose
	// upstream always answers 503, which is never charged.
	FreePath      = "/countries"
	AllowancePath = "/searches?name=ro"
	FailingPath   = "/weather/IT/00184"
)

//go:embed openapi.yaml
var document []byte

//go:embed prices.yaml
var prices []byte

// Document gives the API's OpenAPI document, YAML.
func Document() []byte { return document }

// Prices gives the API's price file.
func Prices() []byte { return prices }
