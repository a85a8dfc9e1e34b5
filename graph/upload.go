package graph

import (
	"encoding/json"
	"errors"
	"io"
	"mime/multipart"
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/pontage/pontage"
	"github.com/pontage/pontage/graph/model"
	"github.com/pontage/pontage/graph/scalar"
)

const (
	// maxFile bounds the file of a request, in bytes; one more is read, so that the rule can say what is too much.
	maxFile = 512 << 10
	// maxUpload bounds a request with a file: beside it there are the operation and what keeps the parts apart.
	maxUpload = maxBody + maxFile + 8<<10
	maxMap    = 1 << 10
)

var errUpload = pontage.E(pontage.InvalidInput,
	"A multipart request has the part `operations`, the part `map` that names one file and its place in the variables, and the file, in this order.")

// readUpload reads a request with one file, as the GraphQL multipart request specification has it. Only who is somebody may send one.
func readUpload(w http.ResponseWriter, r *http.Request, x *exchange) (*params, error) {
	if x.caller == model.CallerAnyone {
		return nil, errCredentials
	}
	r.Body = http.MaxBytesReader(w, r.Body, maxUpload)
	parts, err := r.MultipartReader()
	if err != nil {
		return nil, errUpload
	}
	operations, err := part(parts, "operations", maxBody)
	if err != nil {
		return nil, err
	}
	p, err := parseBody(operations)
	if err != nil {
		return nil, err
	}
	name, place, err := filePlace(parts)
	if err != nil {
		return nil, err
	}
	if p.file, err = part(parts, name, maxFile+1); err != nil && !errors.Is(err, errLarge) {
		return nil, err
	}
	return p, setFile(p.variables, place, scalar.File{Data: p.file})
}

// part reads the next part, which must have this name; what is longer than most is cut and errLarge.
func part(parts *multipart.Reader, name string, most int64) ([]byte, error) {
	next, err := parts.NextPart()
	if err != nil || next.FormName() != name {
		return nil, errUpload
	}
	data, err := io.ReadAll(io.LimitReader(next, most+1))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge) || err == nil && int64(len(data)) > most:
		return data[:min(int64(len(data)), most)], errLarge
	case err != nil:
		return nil, errUpload
	}
	return data, nil
}

// filePlace reads the part that says where the file belongs.
func filePlace(parts *multipart.Reader) (name string, place []string, err error) {
	data, err := part(parts, "map", maxMap)
	var files map[string][]string
	if err != nil || !utf8.Valid(data) || json.Unmarshal(data, &files) != nil || len(files) != 1 {
		return "", nil, errUpload
	}
	for name, places := range files {
		steps := strings.Split(strings.Join(places, ""), ".")
		if len(places) != 1 || len(steps) < 2 || steps[0] != "variables" {
			return "", nil, errUpload
		}
		return name, steps[1:], nil
	}
	return "", nil, errUpload
}

// setFile puts the file where the variables hold null.
func setFile(variables map[string]any, place []string, file scalar.File) error {
	last := len(place) - 1
	for _, step := range place[:last] {
		inner, ok := variables[step].(map[string]any)
		if !ok {
			return errUpload
		}
		variables = inner
	}
	if value, there := variables[place[last]]; !there || value != nil {
		return errUpload
	}
	variables[place[last]] = file
	return nil
}
