let turn = 0;
let isCounting = false;

/** A number that is the same within one turn of the event loop: from what comes in to the end of what that caused. */
export function currentTurn(): number {
  if (!isCounting) {
    isCounting = true;
    setImmediate(nextTurn);
  }
  return turn;
}

function nextTurn(): void {
  isCounting = false;
  turn += 1;
}
