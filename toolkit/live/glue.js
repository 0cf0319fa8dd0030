// Between the notebook and the view: the view itself knows nothing of either.
export default {
  render({ model, el }) {
    const show = view(el, model.get("scene"), (message) => model.send(message));
    model.on("msg:custom", show);
    model.send({ do: "hello" });
    return () => model.off("msg:custom", show);
  },
};
