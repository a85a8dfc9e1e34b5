// Package cookie keeps the session of a person in their browser: where scripts cannot read it and other sites cannot use it.
package cookie
