// A finger that drags a message to the left replies to it, as phones do.

const FAR_ENOUGH_PX = 56;
const MOST_PX = 76;

export function swipeToReply(list, reply) {
  let drag = null;

  const end = () => {
    if (!drag) return;
    const { node, moved } = drag;
    drag = null;
    node.classList.remove("swiping");
    node.style.removeProperty("--swipe");
    if (moved <= -FAR_ENOUGH_PX) reply(node);
  };

  list.addEventListener("pointerdown", (event) => {
    const node = event.target.closest(".row");
    if (event.pointerType !== "touch" || !node || event.target.closest("input")) return;
    drag = { node, x: event.clientX, y: event.clientY, moved: 0, sure: false };
  });
  list.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const [dx, dy] = [event.clientX - drag.x, event.clientY - drag.y];
    if (!drag.sure && Math.abs(dy) > 12) return end(); // it is a scroll
    drag.sure ||= dx < -12;
    if (!drag.sure) return;
    drag.moved = Math.max(-MOST_PX, Math.min(0, dx));
    drag.node.classList.add("swiping");
    drag.node.style.setProperty("--swipe", `${drag.moved}px`);
  });
  for (const event of ["pointerup", "pointercancel"]) list.addEventListener(event, end);
}
