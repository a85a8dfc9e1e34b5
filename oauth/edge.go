package oauth

import "net/http"

type edge struct{ service *Service }

func newEdge(s *Service) *edge { return &edge{service: s} }

// Handler serves the OAuth 2.0 endpoints.
func (s *Service) Handler() http.Handler { return http.NewServeMux() }
