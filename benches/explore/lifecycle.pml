/* The automaton of bare.rs for Spin: enslave_node on N nodes under the default rules. What changes nothing is left out. */

#ifndef N
#define N 5
#endif

byte s[N];

#define MOVE(from, to) :: d_step { s[_pid] == from -> s[_pid] = to }

active [N] proctype slot()
{
	do
	MOVE(0, 1)
	MOVE(1, 7) MOVE(1, 2)
	MOVE(2, 3) MOVE(2, 4) MOVE(2, 8)
	MOVE(3, 5) MOVE(3, 8)
	MOVE(4, 6) MOVE(4, 9) MOVE(4, 10) MOVE(4, 11) MOVE(4, 8)
	MOVE(5, 6) MOVE(5, 8)
	MOVE(6, 7)
	MOVE(7, 1) MOVE(7, 0)
	MOVE(8, 1) MOVE(8, 0)
	MOVE(9, 1) MOVE(9, 0)
	MOVE(10, 1) MOVE(10, 0)
	MOVE(11, 1) MOVE(11, 0)
	od
}
