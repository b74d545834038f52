enum Colour {
  red,
}
export default async () => {
  Colour.red;
};
