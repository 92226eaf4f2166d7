/**
 * How many turns of the event loop go by while something runs.
 *
 * @param onTurn called in each of them.
 */
export async function turnsDuring(run: () => Promise<unknown>, onTurn: () => void = () => undefined): Promise<number> {
  let turns = 0;
  let isOver = false;
  const turn = () => {
    turns++;
    onTurn();
    if (!isOver) {
      setImmediate(turn);
    }
  };
  setImmediate(turn);
  await run();
  isOver = true;
  return turns;
}
