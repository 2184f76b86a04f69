// Package stacks reads the stacks of goroutines as the runtime prints them, and writes them as
// people read them: the function, file and line of each call, those of the program first, and no
// arguments. Arguments are numbers and addresses that tell a reader nothing; and a small one is
// readable, a PIN for example.
//
// Package runtime promises nothing about its text. What can't be read is left out.
package stacks
