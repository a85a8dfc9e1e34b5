package token_test

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/pontage/pontage/openapi/token"
)

// contractOperations stand in the contract; ownOperations we add: opening a call, opening a transaction, and the quote.
const contractOperations, ownOperations = 18, 3

// contract is what partners' clients rely on: per operation the parameters, the schema of the data, and the failures.
type contract struct {
	root       node
	operations map[string]contractOperation
}

type contractOperation struct {
	parameters map[string]node // by "in name"
	body       node
	data       node
	failures   []contractFailure
}

type contractFailure struct {
	status, number int
	message        string
}

// node is a JSON object.
type node map[string]any

func (n node) at(keys ...string) node {
	for _, key := range keys {
		next, ok := n[key].(map[string]any)
		if !ok {
			return nil
		}
		n = next
	}
	return n
}

// follow resolves a reference; the skeleton keeps its schemas elsewhere than a document.
func (c *contract) follow(n node) node {
	ref, ok := n["$ref"].(string)
	if !ok {
		return n
	}
	keys := strings.Split(strings.TrimPrefix(ref, "#/"), "/")
	if found := c.root.at(keys...); found != nil {
		return c.follow(found)
	}
	return c.follow(c.root.at(keys[1:]...))
}

// theContract is the skeleton in the folder PONTAGE_WIRE names; without it, our own document says what we promise.
func theContract(t *testing.T) *contract {
	t.Helper()
	folder := os.Getenv("PONTAGE_WIRE")
	if folder == "" {
		return ourContract(t)
	}
	data, err := os.ReadFile(filepath.Join(folder, "token-api.skeleton.json"))
	must(t, err)
	return readContract(t, data, contractOperations)
}

// ourContract is what our own document promises: the contract and more.
func ourContract(t *testing.T) *contract {
	t.Helper()
	return readContract(t, token.Document("http://localhost", platformHost), contractOperations+ownOperations)
}

func readContract(t *testing.T, data []byte, operations int) *contract {
	t.Helper()
	c := &contract{operations: map[string]contractOperation{}}
	must(t, json.Unmarshal(data, &c.root))
	for path, item := range c.root.at("paths") {
		shared, _ := item.(map[string]any)["parameters"].([]any)
		for method, o := range item.(map[string]any) {
			if operation, ok := o.(map[string]any); ok {
				c.operations[strings.ToUpper(method)+" "+path] = c.operation(operation, shared)
			}
		}
	}
	if len(c.operations) != operations {
		t.Fatalf("%d operations, want %d", len(c.operations), operations)
	}
	return c
}

func (c *contract) operation(n node, shared []any) contractOperation {
	o := contractOperation{parameters: map[string]node{}}
	own, _ := n["parameters"].([]any)
	for _, p := range slices.Concat(shared, own) {
		parameter := c.follow(p.(map[string]any))
		o.parameters[parameter["in"].(string)+" "+parameter["name"].(string)] = parameter
	}
	o.body = c.follow(n.at("body"))
	if body := n.at("requestBody", "content", "application/json", "schema"); body != nil {
		o.body = c.follow(body)
	}
	for status, r := range n.at("responses") {
		code, _ := strconv.Atoi(status)
		if failures, ok := r.([]any); ok {
			for _, f := range failures {
				o.failures = append(o.failures, failureOf(code, f.(map[string]any)))
			}
			continue
		}
		response := c.follow(r.(map[string]any))
		media := response.at("content", "application/json")
		if code == 200 {
			o.data = c.dataSchema(response, media)
			continue
		}
		for _, e := range media.at("examples") {
			o.failures = append(o.failures, failureOf(code, c.follow(e.(map[string]any)).at("value")))
		}
	}
	return o
}

// dataSchema is the schema below "data"; where the skeleton names the data alone, that.
func (c *contract) dataSchema(response, media node) node {
	schema := response
	if media != nil {
		schema = c.follow(media.at("schema"))
	}
	if data := c.properties(schema).at("data"); data != nil {
		return c.follow(data)
	}
	return schema
}

// properties are those of a schema and of all it is made of.
func (c *contract) properties(schema node) node {
	all := node{}
	for name, p := range schema.at("properties") {
		all[name] = p
	}
	parts, _ := schema["allOf"].([]any)
	for _, part := range parts {
		for name, p := range c.properties(c.follow(part.(map[string]any))) {
			all[name] = p
		}
	}
	return all
}

func failureOf(status int, n node) contractFailure {
	number, _ := n["error"].(float64)
	message, _ := n["message"].(string)
	return contractFailure{status, int(number), message}
}
