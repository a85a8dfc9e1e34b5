package scalar

import (
	"github.com/99designs/gqlgen/graphql"
)

// File is what a multipart request puts among the variables. No JSON makes one.
type File struct{ Data []byte }

// UnmarshalUpload takes the file of a multipart request and nothing else.
func UnmarshalUpload(v any) ([]byte, error) {
	file, ok := v.(File)
	if !ok {
		return nil, invalid("The value is no file: it comes as a part of a multipart request.")
	}
	return file.Data, nil
}

// MarshalUpload is never asked: files only come in.
func MarshalUpload([]byte) graphql.Marshaler { return graphql.Null }
