package main

func Example() {
	main()
	// Output:
	// tick 0
	// tock 0
	// tick 1
	// tock 1
	// tick 2
	// tock 2
}
