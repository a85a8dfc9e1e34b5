// Package samples writes the request of an operation as a program: for curl, JavaScript (fetch), Python (requests), Go (net/http) and
// PHP (curl).
//
// It promises that every sample is a whole program that sends exactly the request the document's examples describe, whatever
// characters they hold; and that no sample holds a credential: those come from variables of the environment.
package samples
