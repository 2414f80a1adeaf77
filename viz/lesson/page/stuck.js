// When training stands still: neurons that are dead for every observation, and gradients that are all 0.

function deadNeurons() {
  const dead = Object.entries(story.slopes).filter(([part, place]) => !isOff(part) && everyone().every((i) => runOf(i)[place] === 0));
  return dead.map(([part]) => part);
}

function showStuck() {
  const said = [];
  if (trainedAt.length && !predicting.on) {
    const flat = gradientAt.every((place) => everyone().every((i) => runOf(i)[place] === 0)), dead = several || flat ? deadNeurons() : [];
    const names = dead.map((part) => story.about[part].title.arguments[0]).join(", ");
    if (dead.length) said.push(words()["dead for all"].replace("{0}", () => names));
    if (flat) said.push(words()["stuck"]);
    if (dead.length && training.time) said.push(words()["go back"]);
  }
  const says = said.join(" ");
  if (byId("stuck").textContent !== says) byId("stuck").textContent = says; // else it would be heard at each key
}
