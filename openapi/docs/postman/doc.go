// Package postman makes a document into what people import into their tools for trying APIs: a Postman collection (format 2.1) with its
// environments, and the same requests as a folder for Bruno.
//
// Every operation is a request with its examples, in a folder per tag. Two members of the document chain them: an operation's
// x-remember names variables and the JSON pointers at which its answer holds their values, and the document's x-walkthrough is a list
// of steps ({operation, name, security, remember}) that becomes the first folder. A path parameter is a variable too, so what one
// request made the next one can use.
//
// It promises that the same document gives the same bytes, and that no credential is in them: those are variables of the environment.
package postman
