'use strict';
// Node keeps what it knows of an object under symbols of its own, which can be told by their descriptions.

const { getOwnPropertySymbols, getPrototypeOf } = Object;

const known = new Map();

/** The symbol of this description with which the object, or what it inherits from, has a property. */
function symbolOf(object, description) {
  const before = known.get(description);
  if (before !== undefined && before in object) return before;
  for (let owner = object; owner; owner = getPrototypeOf(owner)) {
    const found = getOwnPropertySymbols(owner).find((one) => one.description === description);
    if (found === undefined) continue;
    known.set(description, found);
    return found;
  }
  return undefined;
}

module.exports = { symbolOf };
