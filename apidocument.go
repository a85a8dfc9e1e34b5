package pontage

import (
	"context"
	"time"
)

// APIDocument is what people and programs read of an API, made once and kept: the imported document itself, or something made from it.
type APIDocument struct {
	APIID APIID
	// Kind names what it is; the packages that make documents choose the names. SourceDocument is the import's own.
	Kind string
	// Digest names what the data was made from: where it is not what a reader expects, the data is out of date.
	Digest string
	Data   []byte
}

// SourceDocument is the kind of a document as it was imported, in JSON or YAML, compressed by gzip.
const SourceDocument = "source"

// The kinds of change an import makes.
const (
	OperationAdded    ChangeKind = "added"
	OperationRemoved  ChangeKind = "removed"
	OperationChanged  ChangeKind = "changed"
	OperationRepriced ChangeKind = "repriced"
)

// ChangeKind says what became of an operation.
type ChangeKind string

// OperationChange is what an import changed of one operation.
type OperationChange struct {
	Kind   ChangeKind `json:"kind"`
	Method string     `json:"method"`
	// Path is the document's template.
	Path string `json:"path"`
	// From and To are the prices of a call, as decimals, of a repriced operation; empty means that it is not for sale.
	From string `json:"from,omitempty"`
	To   string `json:"to,omitempty"`
}

// APIRevision is one import that changed an API.
type APIRevision struct {
	ID    APIRevisionID
	APIID APIID
	// Version is the document's.
	Version string
	// Changes are sorted by path and method; nil in an API's first revision, where everything is new.
	Changes   []OperationChange
	CreatedAt time.Time
}

// APIDocumentReader reads what people read of APIs.
type APIDocumentReader interface {
	// APIDocument gives one document; NotFound where it was never made.
	APIDocument(ctx context.Context, api APIID, kind string) (*APIDocument, error)
	// APIRevisions lists an API's revisions by pages.
	APIRevisions(ctx context.Context, api APIID, page Keyset) ([]APIRevision, error)
}

// APIDocumentWriter writes it.
type APIDocumentWriter interface {
	// PutAPIDocument inserts a document or replaces it.
	PutAPIDocument(ctx context.Context, d APIDocument) error
	InsertAPIRevision(ctx context.Context, r APIRevision) error
}
